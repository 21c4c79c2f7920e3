import type { Judging, JudgeTerms, Look, Opinion, Youth } from '../../core/judge.ts'
import type { RecordEntry } from '../../core/record.ts'
import type { RolloutId } from '../../core/rollout.ts'
import { type Recalled, recall } from './recall.ts'
import type { Tools } from '../tools.ts'

/** Looks are kept so many milliseconds' worth at a time. */
const TOGETHER_MS = 1_000

type Needed = Pick<Tools, 'judge' | 'records' | 'log'>

/** A judge whose looks and opinions are written down, so that it can be asked why, and judge again. */
export class Testimony implements Judging {
  readonly #tools: Needed
  readonly #terms: JudgeTerms
  readonly #rollout: RolloutId
  #judging: Judging
  #looks: Look[] = []
  #told: string | undefined

  constructor(rollout: RolloutId, terms: JudgeTerms, tools: Needed) {
    this.#rollout = rollout
    this.#tools = tools
    this.#terms = terms
    this.#judging = tools.judge(terms)
  }

  /**
   * Goes on from what an earlier controller's judge was shown; resolves with its last look, where there was one. Where there
   * was none, `youth` is what is known of the old release when it was young.
   */
  async begin(youth?: Youth): Promise<Look | undefined> {
    const recalled = await this.#recalled()
    const fresh = { ...this.#terms, ...(youth && { youth }) }
    // Only now: what it thought in between was of another time.
    this.#judging = recalled?.judging ?? this.#tools.judge(fresh)
    const { terms, looks } = recalled ?? { terms: fresh }
    await this.#add({ kind: 'judging', terms, ...(looks !== undefined && { shown: looks }) })
    return recalled?.last
  }

  see(look: Look): void {
    this.#judging.see(look)
    this.#looks.push(look)
  }

  get opinion(): Opinion {
    return this.#judging.opinion
  }

  /** Writes down what there is when it is time, or when the verdict is another one. */
  async keep(): Promise<void> {
    const [first] = this.#looks
    if (!first) return
    const isOld = (this.#looks.at(-1)?.nowMs ?? 0) - first.nowMs >= TOGETHER_MS
    const isOther = newsIn(this.opinion) !== this.#told
    if (isOld || isOther) await this.#keepLooks()
    if (isOther) await this.#keepOpinion()
  }

  /** Writes down the rest, and what the opinion is at last, with its numbers. */
  async end(): Promise<void> {
    await this.#keepLooks()
    await this.#keepOpinion()
  }

  async #keepLooks(): Promise<void> {
    const looks = this.#looks
    this.#looks = []
    if (looks.length > 0) await this.#add({ kind: 'looks', looks })
  }

  async #keepOpinion(): Promise<void> {
    const { opinion } = this
    this.#told = newsIn(opinion)
    await this.#add({ kind: 'judged', opinion })
  }

  /** A rollout does not depend on its record: where that cannot be read, the judge begins with nothing. */
  async #recalled(): Promise<Recalled | undefined> {
    try {
      return await recall(this.#tools, this.#rollout, this.#terms)
    } catch (error) {
      const why = { rollout: this.#rollout, error: String(error) }
      this.#tools.log('what the judge saw before is lost', why)
      return undefined
    }
  }

  /** A rollout does not depend on its record. */
  async #add(entry: RecordEntry): Promise<void> {
    try {
      await this.#tools.records.add(this.#rollout, entry)
    } catch (error) {
      this.#tools.log('not recorded', {
        rollout: this.#rollout,
        kind: entry.kind,
        error: String(error),
      })
    }
  }
}

/** Numbers go on; a person wants to know of another verdict, and of what it waits for. */
function newsIn(opinion: Opinion): string {
  return 'few' in opinion ? `${opinion.verdict} of few` : opinion.verdict
}
