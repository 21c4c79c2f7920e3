import type { Judging, JudgeTerms, Look, Opinion } from '../core/judge.ts'
import type { RecordEntry, Records } from '../core/record.ts'
import type { RolloutId } from '../core/rollout.ts'
import type { Tools } from './tools.ts'

/** Looks are kept so many milliseconds' worth at a time. */
const TOGETHER_MS = 1_000

/** A judge whose looks and opinions are written down, so that it can be asked why, and judge again. */
export class Testimony implements Judging {
  readonly #judging: Judging
  readonly #records: Records
  readonly #rollout: RolloutId
  readonly #log: Tools['log']
  #looks: Look[] = []
  #told: Opinion['verdict'] | undefined

  constructor(
    rollout: RolloutId,
    terms: JudgeTerms,
    tools: Pick<Tools, 'judge' | 'records' | 'log'>,
  ) {
    this.#rollout = rollout
    this.#judging = tools.judge(terms)
    this.#records = tools.records
    this.#log = tools.log
    void this.#add({ kind: 'judging', terms })
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
    const isOther = this.opinion.verdict !== this.#told
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
    this.#told = opinion.verdict
    await this.#add({ kind: 'judged', opinion })
  }

  /** A rollout does not depend on its record. */
  async #add(entry: RecordEntry): Promise<void> {
    try {
      await this.#records.add(this.#rollout, entry)
    } catch (error) {
      this.#log('not recorded', { rollout: this.#rollout, kind: entry.kind, error: String(error) })
    }
  }
}
