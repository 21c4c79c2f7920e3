import type { ClientSide } from '../plane/client-side.ts'
import type { Choice } from '../plane/choice.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { Witness, WitnessedEnd } from '../witness/witness.ts'
import { KeptAnswer } from './kept-answer.ts'
import { KeptBody } from './kept-body.ts'
import { MirrorCopy } from './mirror-copy.ts'

export interface PairOptions {
  readonly headBytes: number
  readonly bodyBytes: number
  /** Whom the copy goes to, unless the user's own request went to that release; `undefined`: nobody is ready. */
  readonly target: (choice: Choice) => InstancePool | 'same-release' | undefined
  readonly onEnd: (pair: MirrorPair, end: PairEnd) => void
}

export type PairEnd =
  | { readonly kind: 'answered'; readonly user: KeptAnswer; readonly copy: KeptAnswer }
  /** `unwanted`: the release got the request itself. */
  | { readonly kind: 'failed' | 'dropped' | 'unwanted' }

/** A user's request, seen on its way, and the copy of it. */
export class MirrorPair implements Witness {
  readonly head: RequestHead
  readonly bornAtMs: number = performance.now()
  readonly #client: ClientSide
  readonly #options: PairOptions
  readonly #body: KeptBody
  #bodyComplete: boolean
  #pool: InstancePool | undefined
  #cookie: string | undefined
  #chosenAtMs = 0
  #user: KeptAnswer | undefined
  #userDone = false
  #copy: MirrorCopy | undefined
  #copied: KeptAnswer | undefined
  #over = false

  constructor(client: ClientSide, head: RequestHead, options: PairOptions) {
    this.#client = client
    this.head = head
    this.#options = options
    this.#body = new KeptBody(options.bodyBytes)
    this.#bodyComplete = isComplete(head)
  }

  /** A copy was sent. */
  get sent(): boolean {
    return this.#copy !== undefined
  }

  chosen(choice: Choice | undefined): void {
    if (!choice || this.#pool || this.#over) return
    const pool = this.#options.target(choice)
    if (pool === 'same-release') return this.end({ kind: 'unwanted' })
    if (!pool) return this.end({ kind: 'dropped' })
    this.#pool = pool
    this.#cookie = choice.cookie
    this.#chosenAtMs = performance.now()
    this.#sendSoon()
  }

  requestBytes(bytes: Buffer): void {
    if (this.#over) return
    this.#body.keep(bytes)
    if (this.#body.tooLarge) this.end({ kind: 'dropped' })
  }

  requestEnd(): void {
    this.#bodyComplete = true
    this.#sendSoon()
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    if (this.#over) return
    const headMs = performance.now() - this.#chosenAtMs
    const { pass } = this.#client
    this.#user = new KeptAnswer(head, { headMs, pass, most: this.#options.bodyBytes })
    this.answerBytes(first)
  }

  answerBytes(bytes: Buffer): void {
    if (this.#over || !this.#user || this.#userDone) return
    this.#user.keep(bytes)
    if (this.#user.tooLarge) this.#userIsDone()
  }

  own(): void {
    this.end({ kind: 'dropped' })
  }

  over(how: WitnessedEnd): void {
    if (this.#over || this.#userDone) return
    if (how === 'complete' && this.#user) this.#userIsDone()
    else this.end({ kind: 'dropped' })
  }

  /** Whatever is missing is not waited for any more. */
  end(end: PairEnd): void {
    if (this.#over) return
    this.#over = true
    this.#copy?.cancel()
    this.#options.onEnd(this, end)
  }

  /** After the user's own request has gone on its way. */
  #sendSoon(): void {
    if (!this.#over && this.#pool && this.#bodyComplete) setImmediate(() => this.#send())
  }

  #send(): void {
    if (this.#over || this.#copy || !this.#pool) return
    const { headBytes, bodyBytes } = this.#options
    const { sender } = this.#client
    const request = { head: this.head, body: this.#body.all(), sender, cookie: this.#cookie }
    const onEnd = (answer: KeptAnswer | undefined): void => this.#copyIsDone(answer)
    this.#copy = new MirrorCopy(this.#pool, request, { headBytes, bodyBytes, onEnd })
    this.#copy.send()
  }

  #copyIsDone(answer: KeptAnswer | undefined): void {
    this.#copied = answer
    if (answer) this.#endWhenBoth()
    else this.end({ kind: 'failed' })
  }

  #userIsDone(): void {
    this.#userDone = true
    this.#endWhenBoth()
  }

  #endWhenBoth(): void {
    if (!this.#userDone || !this.#user || !this.#copied) return
    this.end({ kind: 'answered', user: this.#user, copy: this.#copied })
  }
}
