import { ALL, type ReleaseId } from '../../core/names.ts'
import type { Route } from '../../core/route.ts'
import type { MirrorSpec, Target } from '../../core/rule.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { Choice } from '../plane/choice.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import type { InstanceSet } from '../plane/instance-set.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { MirrorTally } from '../sight/mirror-tally.ts'
import type { Witness } from '../witness/witness.ts'
import { compareAnswers } from './compare-answers.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { MirrorPair, type PairEnd } from './mirror-pair.ts'

/** So many copies are on their way at once, of one service in one worker; one that takes longer is given up. */
const MOST = 32
const LONGEST_MS = 10_000

/** Copies a share of a service's requests to another release, and compares the answers. */
export class Mirror {
  readonly #spec: MirrorSpec
  readonly #headBytes: number
  readonly #release: ReleaseId | undefined
  readonly #instances: InstanceSet
  readonly #tally: MirrorTally
  readonly #pairs = new Set<MirrorPair>()

  constructor(
    spec: MirrorSpec,
    route: Pick<Route, 'roles' | 'limits'>,
    parts: { readonly instances: InstanceSet; readonly tally: MirrorTally },
  ) {
    this.#spec = spec
    this.#headBytes = route.limits.headBytes
    this.#release = releaseOf(spec.to, route)
    this.#instances = parts.instances
    this.#tally = parts.tally
  }

  /** Who copies this request; `undefined` when it is not one to copy, or too many are on their way. */
  witnessOf(client: ClientSide, head: RequestHead): Witness | undefined {
    const { share, methods, bodyBytes } = this.#spec
    if (this.#release === undefined || head.upgrade !== undefined) return undefined
    if (!methods.includes(head.method) || Math.random() * ALL >= share) return undefined
    if (this.#pairs.size >= MOST) {
      this.#tally.count('dropped')
      return undefined
    }
    const pair = new MirrorPair(client, head, {
      headBytes: this.#headBytes,
      bodyBytes,
      target: (choice) => this.#target(choice),
      onEnd: (ended, end) => this.#onEnd(ended, end),
    })
    this.#pairs.add(pair)
    return pair
  }

  /** Gives up what takes too long. `now` in milliseconds of the monotonic clock. */
  sweep(now: number): void {
    for (const pair of this.#pairs) {
      if (now - pair.bornAtMs > LONGEST_MS) pair.end({ kind: pair.sent ? 'failed' : 'dropped' })
    }
  }

  /** Copies no more. */
  close(): void {
    for (const pair of this.#pairs) pair.end({ kind: 'dropped' })
  }

  #target(choice: Choice): InstancePool | 'same-release' | undefined {
    if (choice.pool.release === this.#release) return 'same-release'
    const releases = this.#instances.pinnable(undefined)
    const release = releases.find((each) => each.release === this.#release)
    return release && this.#instances.pick(release)
  }

  #onEnd(pair: MirrorPair, end: PairEnd): void {
    this.#pairs.delete(pair)
    if (end.kind === 'unwanted') return
    if (end.kind === 'answered') return void this.#compare(pair.head, end.user, end.copy)
    if (pair.sent) this.#tally.count('sent')
    this.#tally.count(end.kind)
  }

  async #compare(head: RequestHead, user: KeptAnswer, copy: KeptAnswer): Promise<void> {
    const { differ, fields, body } = await compareAnswers(user, copy, this.#spec.ignoredFields)
    this.#tally.count('sent')
    this.#tally.time(user.headMs, copy.headMs)
    if (body === 'too-large') this.#tally.count('uncompared')
    if (differ.length === 0) return this.#tally.count('same')
    const { method, target } = head
    const path = target.split('?', 1)[0] ?? ''
    const statuses = [user.head.status, copy.head.status] as const
    this.#tally.differ({ atMs: Date.now(), method, path, differ, statuses, fields })
  }
}

function releaseOf(target: Target, { roles }: Pick<Route, 'roles'>): ReleaseId | undefined {
  return typeof target === 'string' ? roles?.[target] : target.release
}
