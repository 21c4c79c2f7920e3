import type { z } from 'zod'
import { refuseOfRollout } from './refuse-of-rollout.ts'
import { type Refuse, refuseOfWorker } from './refuse-of-worker.ts'
import type { ServiceFile } from './service-file.ts'

/** What is right in each key alone and wrong together. */
export function refuseConflicts(file: ServiceFile, context: z.RefinementCtx): void {
  const refuse: Refuse = (path, message, hint) => {
    context.addIssue({
      code: 'custom',
      path,
      message,
      ...(hint !== undefined && { params: { hint } }),
    })
  }
  for (const [index, { when }] of file.rules.entries()) {
    if (when.users && file.user === undefined)
      refuse(
        ['rules', index, 'when', 'user'],
        'can never match while nothing names the user',
        'Say at the top where the name stands: user: header:x-user-id',
      )
  }
  const check = typeof file.ready === 'string' ? 'http' : file.ready.check
  if (check === 'grpc' && file.protocol !== 'http2')
    refuse(['ready', 'check'], 'must be http or tcp, or protocol: http2 stand at the top')
  refuseOfWorker(file, refuse)
  const redirect = file.tls?.redirect
  if (
    redirect &&
    file.listen &&
    redirect.port === file.listen.port &&
    redirect.host === file.listen.host
  )
    refuse(['tls', 'redirect'], 'must be another port than listen')
  refuseOfRollout(file, refuse)
}
