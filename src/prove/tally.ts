import type { Kind } from './call.ts'
import { isSevered, type Line, type Severing } from './line.ts'
import type { LoadCounts } from './load-result.ts'
import type { SessionEnd } from './websocket.ts'
import type { Verdict } from './verdict.ts'

/** A failure or a cut, with the line it happened on: whether that was severed may be announced later. */
export interface Breakage {
  readonly kind: Kind
  readonly of: 'request' | 'websocket'
  readonly atMs: number
  readonly reason: string
  readonly reset: boolean
  readonly line?: Line
}

/** A moment in the counts. */
export interface TallyMark {
  readonly at: number
  readonly requests: number
  readonly opened: number
  readonly breakages: number
  readonly bad: ReadonlyMap<string, number>
  readonly versions: ReadonlyMap<string, number>
}

/** Counts what ended how. */
export class Tally {
  readonly startedAt: number = performance.now()
  readonly breakages: Breakage[] = []
  readonly timeline: Map<string, number>[] = []
  readonly requestsByKind: Map<Kind, number> = new Map()
  #requests = 0
  #opened = 0
  readonly #bad: Map<string, number> = new Map()
  readonly #versions: Map<string, number> = new Map()

  request(kind: Kind, verdict: Verdict, line?: Line): void {
    if (verdict.kind === 'aborted') return
    this.#requests += 1
    count(this.requestsByKind, kind)
    if (verdict.kind === 'failed') {
      const { reason, reset } = verdict
      // An answer, however bad, is not the end of its line: only a broken line can have been severed.
      this.#note({ kind, of: 'request', reason, reset }, reset ? line : undefined)
      return
    }
    count(this.#versions, verdict.version)
    if (verdict.kind === 'bad') count(this.#bad, verdict.version)
    const second = Math.floor((performance.now() - this.startedAt) / 1_000)
    while (this.timeline.length <= second) this.timeline.push(new Map())
    const seen = this.timeline[second]
    if (seen) count(seen, verdict.version)
  }

  websocket(end: SessionEnd, line: Line): void {
    if (end.kind === 'closed' || end.kind === 'cut') this.#opened += 1
    if (end.kind !== 'cut') return
    this.#note({ kind: 'websocket', of: 'websocket', reason: end.reason, reset: false }, line)
  }

  mark(): TallyMark {
    return {
      at: performance.now(),
      requests: this.#requests,
      opened: this.#opened,
      breakages: this.breakages.length,
      bad: new Map(this.#bad),
      versions: new Map(this.#versions),
    }
  }

  #note(what: Omit<Breakage, 'atMs' | 'line'>, line?: Line): void {
    const atMs = Math.round(performance.now() - this.startedAt)
    this.breakages.push({ ...what, atMs, ...(line ? { line } : {}) })
  }

  /** What came between two marks, as far as is known now which lines were severed. */
  between(from: TallyMark, to: TallyMark, severings: readonly Severing[]): LoadCounts {
    const broken = this.breakages.slice(from.breakages, to.breakages)
    const [severed, faults] = parted(broken, ({ line }) => line && isSevered(line, severings))
    const amount = (list: readonly Breakage[], of: Breakage['of']) =>
      list.filter((breakage) => breakage.of === of).length
    return {
      requests: to.requests - from.requests,
      failed: amount(faults, 'request'),
      resets: faults.filter((breakage) => breakage.reset).length,
      bad: difference(from.bad, to.bad),
      versions: difference(from.versions, to.versions),
      websockets: { opened: to.opened - from.opened, cut: amount(faults, 'websocket') },
      severed: { requests: amount(severed, 'request'), websockets: amount(severed, 'websocket') },
    }
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function parted<T>(list: readonly T[], test: (item: T) => unknown): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))]
}

function difference(
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
): Record<string, number> {
  const all = [...to].map(([key, value]): [string, number] => [key, value - (from.get(key) ?? 0)])
  return Object.fromEntries(all.filter(([, value]) => value > 0))
}
