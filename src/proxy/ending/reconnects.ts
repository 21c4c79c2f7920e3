import type { EndingSpec } from '../../core/service.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { fieldIn } from '../routing/field-in.ts'
import { Cadence } from './cadence.ts'

/** Whoever was closed last comes back within this, nearly always. */
const AFTER_MS = 10_000

/**
 * Lets WebSockets and event streams in at a rate while those of an instance that drains are closed: they come back all
 * together, and a new release has done nothing yet but start. At all other times nobody is counted.
 */
export class Reconnects {
  readonly #cadence = new Cadence()
  #fromMs = Infinity
  #untilMs = 0

  get intervalMs(): number {
    return this.#cadence.intervalMs
  }

  /** An instance drains from now on. The rate is for all `workers` together, and each keeps to its part. */
  begin(ending: EndingSpec, workers: number, nowMs: number): void {
    this.#cadence.obey(ending.reconnectsPerSecond / workers)
    if (!this.#cadence.on) return
    if (nowMs > this.#untilMs) this.#fromMs = Infinity
    this.#fromMs = Math.min(this.#fromMs, nowMs + ending.stayMs)
    this.#untilMs = nowMs + ending.stayMs + ending.spreadMs + AFTER_MS
  }

  /** Somebody may have to wait, now or soon. */
  expected(nowMs: number): boolean {
    return nowMs <= this.#untilMs
  }

  /** Whether this request is one of those that are let in at a rate now. */
  concerns(head: RequestHead, nowMs: number): boolean {
    return nowMs >= this.#fromMs && nowMs <= this.#untilMs && isReconnect(head)
  }

  take(nowMs: number): boolean {
    return this.#cadence.take(nowMs)
  }
}

function isReconnect({ upgrade, fields }: RequestHead): boolean {
  if (upgrade !== undefined) return true
  return fieldIn(fields, 'accept')?.toLowerCase().includes('text/event-stream') ?? false
}
