import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { checkInput } from './check-input.ts'
import { minimize } from './minimize.ts'
import { Random } from './random.ts'
import { split } from './split.ts'
import { type Subject, SUBJECTS } from './subjects.ts'
import { throughPlane } from './through-plane.ts'

export interface FuzzReport {
  readonly inputs: number
  /** Sent through a real data plane as well. */
  readonly sent: number
  readonly stricter: number
  /** How often each entry of the table explained a difference. */
  readonly explained: Readonly<Record<string, number>>
  /** The first one, with all that is needed to see it again. */
  readonly failure: string | undefined
}

export interface FuzzSettings {
  /** Of the first input; each next one has the next seed. */
  readonly seed: number
  readonly seconds: number
  /** Every how many of the requests one is also sent through a data plane. */
  readonly sendEvery: number
}

/** No input may keep a reader for longer; a collection of garbage may fall into the first try. */
const MOST_MS = 50
const MOST_GROWTH = 32 * 1024 * 1024
const BETWEEN_SAMPLES = 20_000

/** Makes inputs until the time is over or one fails. */
export async function fuzz(settings: FuzzSettings): Promise<FuzzReport> {
  const { seed, seconds, sendEvery } = settings
  const until = performance.now() + seconds * 1000
  const plane = await throughPlane()
  const explained: Record<string, number> = {}
  const heap = new HeapWatch()
  let [inputs, sent, stricter] = [0, 0, 0]
  let failure: string | undefined
  while (!failure && performance.now() < until) {
    const one = checkSeed(seed + inputs)
    inputs += 1
    stricter += one.outcome.stricter
    for (const { name } of one.outcome.explained) explained[name] = (explained[name] ?? 0) + 1
    failure = one.failure ?? heap.fault(inputs)
    if (failure || one.subject.name !== 'requests' || inputs % sendEvery !== 0) continue
    sent += 1
    const wrong = await plane.check(one.reads)
    if (wrong) failure = told(seed + inputs - 1, one.text, wrong)
  }
  await plane.close()
  return { inputs, sent, stricter, explained, failure }
}

function checkSeed(seed: number) {
  const random = new Random(seed)
  const subject = random.of(SUBJECTS)
  const text = subject.make(random)
  const reads = split(random, text)
  const start = performance.now()
  const outcome = checkInput(subject, reads)
  const slow = performance.now() - start > MOST_MS
  const wrong = outcome.failure ?? (slow ? slowness(subject, reads) : undefined)
  const failure = wrong && told(seed, smallest(subject, text, outcome.failure !== undefined), wrong)
  return { subject, text, reads, outcome, failure }
}

/** Hangs would show as the test's own timeout; this shows what is merely far too slow. */
function slowness(subject: Subject, reads: readonly Buffer[]): string | undefined {
  const took = [1, 2, 3].map(() => {
    const start = performance.now()
    subject.ours(reads)
    return performance.now() - start
  })
  const least = Math.min(...took)
  return least > MOST_MS ? `it took ${least.toFixed()}ms` : undefined
}

function smallest(subject: Subject, text: string, differs: boolean): string {
  if (!differs) return text
  return minimize(text, (part) => {
    const bytes = Buffer.from(part, 'latin1')
    return [[bytes], Array.from(bytes, (byte) => Buffer.of(byte))].some(
      (reads) => checkInput(subject, reads).failure !== undefined,
    )
  })
}

function told(seed: number, text: string, what: string): string {
  return `${what}\nsmallest input: ${JSON.stringify(text)}\nagain with: npm run fuzz -- --seed ${seed}`
}

/** Notices when memory grows with the number of inputs. */
class HeapWatch {
  readonly #collect = collector()
  #first: number | undefined

  fault(inputs: number): string | undefined {
    if (inputs % BETWEEN_SAMPLES !== 0) return undefined
    this.#collect()
    const now = process.memoryUsage().heapUsed
    this.#first ??= now
    return now - this.#first > MOST_GROWTH
      ? `memory grew from ${this.#first} to ${now} bytes over ${inputs} inputs`
      : undefined
  }
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
