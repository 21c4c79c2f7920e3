import { Problem } from '../core/problem.ts'
import type { Lease } from '../core/store.ts'
import type { Statements } from './statement.ts'

/** With it one writes. */
export interface WriteLease extends Lease {
  /** A fencing token: it only grows, and each mark carries the one it was written under. */
  readonly fence: number
  /** All or nothing, and only while no newer controller has taken over: else it throws `lease-lost`. */
  atomically<T>(work: () => T): T
}

/** Takes the lease from whoever had it. */
export function takeLease(statements: Statements): WriteLease {
  const fence = statements.atomically(() => {
    statements.run('update lease set fence = fence + 1')
    return fenceOf(statements)
  })
  const check = () => {
    const current = fenceOf(statements)
    if (current !== fence) throw leaseLost(fence, current)
  }
  return {
    fence,
    check,
    atomically: (work) =>
      statements.atomically(() => {
        check()
        return work()
      }),
  }
}

function fenceOf(statements: Statements): number {
  return Number(statements.all('select fence from lease')[0]?.['fence'])
}

function leaseLost(mine: number, current: number): Problem {
  return new Problem('lease-lost', {
    message: `another controller has taken over (its fence is ${current}, ours ${mine})`,
    hint: 'Nothing to do here: the other one goes on with the rollout. See `midflight status`.',
    data: { mine, current },
  })
}
