import { scanOf } from '../../src/proxy/http1/body-framing.ts'
import type { BodyScan } from '../../src/proxy/http1/body-scan.ts'
import { requestText, type Sender } from '../../src/proxy/http1/forward-head.ts'
import type { Rejection } from '../../src/proxy/http1/rejection.ts'
import type { RequestHead } from '../../src/proxy/http1/request-head.ts'
import { RequestIntake } from '../../src/proxy/http1/request-intake.ts'
import type { LimitSpec } from '../../src/core/service.ts'

/** One request as our parser understood it. */
export interface ReadRequest {
  readonly head: RequestHead
  /** What an instance is sent of it so far, in latin1. */
  readonly forwarded: string
  /** What its body carries so far, in latin1. */
  readonly content: string
  readonly complete: boolean
}

export interface ReadRequests {
  readonly requests: readonly ReadRequest[]
  /** Why nothing more is read after the last of them. */
  readonly rejection: Rejection | undefined
}

/** What our parser makes of these reads, as a client's connection would feed them. */
export function readRequests(
  reads: readonly Buffer[],
  limits: LimitSpec,
  sender: Sender,
): ReadRequests {
  const intake = new RequestIntake()
  const requests: Reading[] = []
  let rejection: Rejection | undefined
  for (const read of reads) {
    const last = requests.at(-1)
    let left: Buffer | undefined = read
    if (last?.scan) left = last.take(read)
    for (let next = true; next && !rejection && !requests.at(-1)?.fault;) {
      const head = left ? intake.headIn(left, left.length, limits) : intake.takeHead(limits)
      left = undefined
      next = head !== undefined && head.kind !== 'rejection'
      if (head?.kind === 'rejection') rejection = head
      else if (head) {
        const reading = new Reading(head, limits, sender)
        requests.push(reading)
        const more = reading.scan && intake.takeAll()
        const rest = more && reading.take(more)
        if (rest) intake.add(rest)
        if (reading.scan) next = false
      }
    }
    rejection ??= requests.at(-1)?.fault
    if (rejection) break
  }
  return { requests, rejection }
}

class Reading implements ReadRequest {
  readonly head: RequestHead
  scan: BodyScan | undefined
  fault: Rejection | undefined
  forwarded: string
  content = ''
  readonly #contentScan: BodyScan | undefined

  constructor(head: RequestHead, limits: LimitSpec, sender: Sender) {
    this.head = head
    this.forwarded = requestText(head, sender)
    this.scan = scanOf(head.framing, { limit: limits.bodyBytes, pass: 'bytes' })
    this.#contentScan = scanOf(head.framing, { limit: limits.bodyBytes, pass: 'content' })
  }

  get complete(): boolean {
    return this.scan === undefined
  }

  /** Returns what belongs to the next request. */
  take(bytes: Buffer): Buffer | undefined {
    const [scan, contentScan] = [this.scan, this.#contentScan]
    if (!scan || !contentScan) return bytes
    const end = scan.scan(bytes)
    this.fault = scan.fault
    if (end < 0) return undefined
    this.forwarded += scan.passed(bytes, end).toString('latin1')
    this.content += contentScan.passed(bytes, contentScan.scan(bytes)).toString('latin1')
    if (!scan.done) return undefined
    this.scan = undefined
    return end < bytes.length ? bytes.subarray(end) : undefined
  }
}
