import { Problem, type ProblemJson } from '../../core/problem.ts'

/** The new proxy did not prove itself, and why. The old one serves on. */
export function upgradeFailed(pid: number, why: string, cause?: ProblemJson | Error): Problem {
  return new Problem('upgrade-failed', {
    message: `the new proxy (pid ${pid}) was ended, the old one serves on: ${why}`,
    hint: 'No request was lost. The whole story is in proxy.log in the state directory.',
    data: { pid, ...(cause && 'code' in cause && { code: cause.code }) },
    ...(cause instanceof Error && { cause }),
  })
}

/** A worker of this new proxy could not carry a request. */
export function probeFailed(fault: string): Problem {
  return new Problem('upgrade-failed', {
    message: `its check failed: ${fault}`,
    hint: 'Look into proxy.log in the state directory.',
  })
}
