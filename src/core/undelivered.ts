import { Problem } from './problem.ts'

/** What a notifier rejects with. `why` names no secret. */
export function undelivered(by: string, why: string): Problem {
  return new Problem('notice-undelivered', {
    message: `a notice by ${by} was not taken: ${why}`,
    hint: 'It is sent again by itself, for a day. Is what stands under notify: in midflight.yaml still right?',
    data: { by },
  })
}
