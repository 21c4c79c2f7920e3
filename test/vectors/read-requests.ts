import { scanOf } from '../../src/proxy/http1/body-framing.ts'
import type { BodyScan } from '../../src/proxy/http1/body-scan.ts'
import { requestText, type Sender } from '../../src/proxy/http1/forward-head.ts'
import type { Rejection } from '../../src/proxy/http1/rejection.ts'
import type { RequestHead } from '../../src/proxy/http1/request-head.ts'
import { RequestIntake } from '../../src/proxy/http1/request-intake.ts'
import { fleeting } from './fleeting.ts'
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

/** What our parser makes of these reads, fed to it as a client's connection would feed them. */
export function readRequests(
  reads: readonly Buffer[],
  limits: LimitSpec,
  sender: Sender,
): ReadRequests {
  const reader = new Reader(limits, sender)
  for (const read of fleeting(reads)) reader.read(read)
  return { requests: reader.requests, rejection: reader.rejection }
}

class Reader {
  readonly requests: Reading[] = []
  rejection: Rejection | undefined
  readonly #limits: LimitSpec
  readonly #sender: Sender
  readonly #intake = new RequestIntake()

  constructor(limits: LimitSpec, sender: Sender) {
    this.#limits = limits
    this.#sender = sender
  }

  read(bytes: Buffer): void {
    if (this.rejection) return
    const last = this.requests.at(-1)
    if (last && !last.complete) this.#pass(last, bytes)
    else this.#begin(this.#intake.headIn(bytes, bytes.length, this.#limits))
  }

  #next(): void {
    this.#begin(this.#intake.takeHead(this.#limits))
  }

  #begin(head: RequestHead | Rejection | undefined): void {
    if (!head) return
    if (head.kind === 'rejection') {
      this.rejection = head
      return
    }
    const request = new Reading(head, this.#limits, this.#sender)
    this.requests.push(request)
    if (request.complete) return this.#next()
    const bytes = this.#intake.takeAll()
    if (bytes) this.#pass(request, bytes)
  }

  #pass(request: Reading, bytes: Buffer): void {
    const rest = request.take(bytes)
    this.rejection = request.fault
    if (rest) this.#intake.add(rest)
    if (request.complete) this.#next()
  }
}

class Reading implements ReadRequest {
  readonly head: RequestHead
  fault: Rejection | undefined
  forwarded: string
  content = ''
  #scan: BodyScan | undefined
  readonly #contentScan: BodyScan | undefined

  constructor(head: RequestHead, limits: LimitSpec, sender: Sender) {
    this.head = head
    this.forwarded = requestText(head, sender)
    this.#scan = scanOf(head.framing, { limit: limits.bodyBytes, pass: 'bytes' })
    this.#contentScan = scanOf(head.framing, { limit: limits.bodyBytes, pass: 'content' })
  }

  get complete(): boolean {
    return this.#scan === undefined
  }

  /** Returns what belongs to the next request. */
  take(bytes: Buffer): Buffer | undefined {
    const [scan, contentScan] = [this.#scan, this.#contentScan]
    if (!scan || !contentScan) return bytes
    const end = scan.scan(bytes)
    this.fault = scan.fault
    if (end < 0) return undefined
    this.forwarded += scan.passed(bytes, end).toString('latin1')
    this.content += contentScan.passed(bytes, contentScan.scan(bytes)).toString('latin1')
    if (!scan.done) return undefined
    this.#scan = undefined
    return end < bytes.length ? bytes.subarray(end) : undefined
  }
}
