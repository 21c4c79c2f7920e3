import { Problem } from '../core/problem.ts'
import { bindProblem } from './bind-problem.ts'
import { addressOf, type Charge, type Post } from './charge.ts'
import type { Outcome } from './obedience.ts'

/** A worker could not listen on a socket that was bound: another process began to listen there in between. */
export function notListening(
  charge: Charge,
  fault: Extract<Outcome, { kind: 'not-listening' }>,
  post?: Post,
): Problem {
  const address = addressOf(charge, post, fault.key) ?? { host: '?', port: 0 }
  return bindProblem(address, Object.assign(new Error(fault.code), { code: fault.code }))
}

export function workerSilent(pids: readonly number[]): Problem {
  return new Problem('worker-silent', {
    message:
      pids.length > 0
        ? `the routes are written, but these workers of the proxy have not answered: ${pids.join(', ')}`
        : 'the routes are written, but no worker of the proxy stays alive',
    hint: 'Look into proxy.log for the reason. Repeating is safe and waits again.',
    data: { pids },
  })
}

export function stopping(): Problem {
  return new Problem('proxy-stopping', {
    message: 'the proxy is stopping: it finishes what runs and changes nothing any more',
    hint: 'Wait until it has ended, then repeat; a new one will be started.',
  })
}
