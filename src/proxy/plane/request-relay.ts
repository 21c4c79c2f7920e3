import type { Attempt } from './attempt.ts'
import { attemptsIn, withAttempts } from './attempt-count.ts'
import type { ClientSide } from './client-side.ts'
import { requestText } from '../http1/forward-head.ts'
import { isIdempotent } from './idempotent.ts'
import type { Question } from '../http1/answer-reader.ts'
import type { Spool } from '../limits/spool.ts'
import { Replay } from './replay.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'

const NOTHING = Buffer.alloc(0)

/** The way of a request to an instance, and to another one when the first fails. */
export class RequestRelay {
  readonly #idempotent: boolean
  readonly #client: ClientSide
  readonly #request: RequestHead
  /** There is none without a body. */
  readonly #replay: Replay | undefined
  /** All of the body may have to be sent again; else only what goes with the head, as long as both may not have left. */
  #keepsAll: boolean
  #complete: boolean
  /** The head, while it waits for the first bytes of the body to go with it. */
  #unsent: string | undefined
  /** How often the head was sent. */
  #sent = 0

  constructor(client: ClientSide, request: RequestHead, spool: Spool) {
    this.#client = client
    this.#request = request
    this.#complete = isComplete(request)
    this.#idempotent = isIdempotent(request.method, request.fields)
    this.#keepsAll = this.#idempotent
    this.#replay = this.#complete ? undefined : new Replay(spool)
  }

  /** The client has sent all of it. */
  get complete(): boolean {
    return this.#complete
  }

  /** It may be sent twice, and all that was sent is still here. */
  get repeatable(): boolean {
    return this.#idempotent && (this.#replay?.whole ?? true)
  }

  /** Nothing of it is lost: an instance that has not looked at it changes nothing. */
  get intact(): boolean {
    return this.#replay?.whole ?? true
  }

  /** It has no body and may be sent twice: whatever happens on its way costs nothing. */
  get light(): boolean {
    return this.#idempotent && this.#replay === undefined
  }

  /** A proxy before this one sends it for the second time already. */
  get isRetry(): boolean {
    return attemptsIn(this.#request.fields) > 1
  }

  /** Sends the head and what an earlier attempt has sent of the body, and lets the rest flow. */
  begin(attempt: Attempt, headBytes: number): void {
    if (attempt.pool.multiplexed && this.#sent === 0) this.#keepsAll = true
    const again = this.#replay?.all() ?? NOTHING
    this.#unsent = this.#text()
    // The first bytes of the body may be there already: then they go with the head.
    if (!this.#complete && again.length === 0) this.#client.resume()
    if (this.#unsent === undefined) return
    if (this.#write(attempt, again, headBytes) && !this.#complete) this.#client.resume()
  }

  pass(attempt: Attempt, bytes: Buffer, headBytes: number): void {
    if (bytes.length === 0) return
    if (this.#keepsAll || !attempt.sent) this.#replay?.keep(bytes)
    else this.#replay?.drop()
    if (!this.#write(attempt, bytes, headBytes)) this.#client.pause()
  }

  end(): void {
    this.#complete = true
  }

  /** It will not be sent again. */
  settle(): void {
    this.#replay?.drop()
  }

  #text(): string {
    const { sender } = this.#client
    if (this.#sent === 0) return requestText(this.#request, sender)
    const fields = withAttempts(this.#request.fields, this.#sent)
    return requestText({ ...this.#request, fields }, sender)
  }

  #write(attempt: Attempt, bytes: Buffer, headBytes: number): boolean {
    const head = this.#unsent
    if (head === undefined) return attempt.write(bytes)
    this.#unsent = undefined
    this.#sent += 1
    return attempt.send(this.#question(headBytes), head, bytes)
  }

  #question(headBytes: number): Question {
    const { method, upgrade } = this.#request
    return { method, upgrade, pass: this.#client.pass, headBytes }
  }
}
