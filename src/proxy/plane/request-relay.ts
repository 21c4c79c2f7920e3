import type { Attempt } from './attempt.ts'
import type { ClientSide } from './client-side.ts'
import { requestText } from '../http1/forward-head.ts'
import { isIdempotent } from './idempotent.ts'
import type { Question } from '../http1/answer-reader.ts'
import { Replay } from './replay.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'

const NOTHING = Buffer.alloc(0)

/** The way of a request to an instance, and to another one when the first fails. */
export class RequestRelay {
  readonly idempotent: boolean
  readonly #client: ClientSide
  readonly #request: RequestHead
  readonly #replay: Replay | undefined
  #complete: boolean
  /** The head, while it waits for the first bytes of the body to go with it. */
  #unsent: string | undefined

  constructor(client: ClientSide, request: RequestHead) {
    this.#client = client
    this.#request = request
    this.#complete = isComplete(request)
    this.idempotent = isIdempotent(request.method)
    this.#replay = this.idempotent && !this.#complete ? new Replay() : undefined
  }

  /** The client has sent all of it. */
  get complete(): boolean {
    return this.#complete
  }

  /** It may be sent twice (RFC 9110 §9.2.2), and all that was sent is still here. */
  get repeatable(): boolean {
    return this.idempotent && (this.#replay?.whole ?? true)
  }

  /** Sends the head and what an earlier attempt has sent of the body, and lets the rest flow. */
  begin(attempt: Attempt, headBytes: number): void {
    const again = this.#replay?.all() ?? NOTHING
    this.#unsent = requestText(this.#request, this.#client.sender)
    // The first bytes of the body may be there already: then they go with the head.
    if (!this.#complete && again.length === 0) this.#client.resume()
    if (this.#unsent === undefined) return
    if (this.#write(attempt, again, headBytes) && !this.#complete) this.#client.resume()
  }

  pass(attempt: Attempt, bytes: Buffer, headBytes: number): void {
    if (bytes.length === 0) return
    this.#replay?.keep(bytes)
    if (!this.#write(attempt, bytes, headBytes)) this.#client.pause()
  }

  end(): void {
    this.#complete = true
  }

  #write(attempt: Attempt, bytes: Buffer, headBytes: number): boolean {
    const head = this.#unsent
    if (head === undefined) return attempt.write(bytes)
    this.#unsent = undefined
    return attempt.send(this.#question(headBytes), head, bytes)
  }

  #question(headBytes: number): Question {
    const { method, upgrade } = this.#request
    return { method, upgrade, pass: this.#client.pass, headBytes }
  }
}
