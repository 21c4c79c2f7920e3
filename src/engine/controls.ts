import { Problem } from '../core/problem.ts'

/** Two people who promote at once mean the same hold; so soon after it, none has seen the next one. */
const SAME_MS = 1_000

/** What people may ask of a running rollout. Asking twice is the same as once. */
export class Controls {
  readonly #abort = new AbortController()
  readonly #halt = new AbortController()
  readonly #condemned = new AbortController()
  #hurry = new AbortController()
  #fully = false
  readonly #now: () => number
  #spentAtMs = -Infinity
  #paused: { readonly reason: string; readonly over: PromiseWithResolvers<void> } | undefined

  /** `now` is a clock that does not jump, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Fires when the rollout is to be undone. */
  get aborted(): AbortSignal {
    return this.#abort.signal
  }

  /** Fires when the judge finds the new release worse. */
  get condemned(): AbortSignal {
    return this.#condemned.signal
  }

  /** Fires when this process ends: nothing is undone, the journal tells the next one where to go on. */
  get halted(): AbortSignal {
    return this.#halt.signal
  }

  /** Fires when a person is content before the hold is over. */
  get hurried(): AbortSignal {
    return this.#hurry.signal
  }

  get pausedFor(): string | undefined {
    return this.#paused?.reason
  }

  pause(reason: string): void {
    this.#paused ??= { reason, over: Promise.withResolvers<void>() }
  }

  resume(): void {
    this.#paused?.over.resolve()
    this.#paused = undefined
  }

  /** Ends one hold. Throws `promoted-already` right after another promotion ended the one before. */
  promote(): void {
    const agoMs = this.#now() - this.#spentAtMs
    if (agoMs < SAME_MS) throw promotedAlready(agoMs)
    this.#hurryOn()
  }

  /** Ends every hold until all traffic has moved, the one that runs and those that come. */
  promoteFully(): void {
    this.#fully = true
    this.#hurryOn()
  }

  /** All traffic has moved: a promotion to there is spent. What comes now is watched as ever. */
  allMoved(): void {
    if (!this.#fully) return
    this.#fully = false
    this.holdOver()
  }

  /** One promotion is good for one hold, unless it was for all. */
  holdOver(): void {
    if (this.#fully || !this.#hurry.signal.aborted) return
    this.#hurry = new AbortController()
    this.#spentAtMs = this.#now()
  }

  abort(reason: string): void {
    this.#abort.abort(
      new Problem('rollout-aborted', {
        message: `the rollout was aborted: ${reason}`,
        hint: 'Nothing to do: everything is as it was before. Deploy again when you want to.',
        data: { reason },
      }),
    )
    this.resume()
  }

  condemn(why: Problem): void {
    this.#condemned.abort(why)
    this.resume()
  }

  halt(): void {
    this.#halt.abort(new Problem('controller-stopped', haltedParts))
    this.resume()
  }

  /** Resolves when the pause is over, at once when there is none. */
  async whilePaused(): Promise<void> {
    await this.#paused?.over.promise
  }

  #hurryOn(): void {
    this.#hurry.abort()
    this.resume()
  }
}

function promotedAlready(agoMs: number): Problem {
  return new Problem('promoted-already', {
    message: `the hold was promoted ${(agoMs / 1_000).toFixed(1)}s ago; this promotion would end the next one too`,
    hint: 'Nothing to do when two of you promoted at once. To end the next hold as well, look at it (midflight status) and promote again.',
    data: { agoMs },
  })
}

const haltedParts = {
  message: 'the controller was stopped in the middle of the rollout',
  hint: 'It goes on by itself at the next `midflight up`.',
}
