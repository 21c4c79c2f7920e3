import { Problem } from './problem.ts'

/** What a notifier rejects with when sending again cannot help. `why` names no secret. */
export function noticeRefused(by: string, why: string): Problem {
  return new Problem('notice-refused', {
    message: `a notice by ${by} was refused for good: ${why}`,
    hint: 'It is not sent again. Mend what stands under notify: in midflight.yaml; the next release takes it.',
    data: { by },
  })
}
