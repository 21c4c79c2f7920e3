import type { ServiceName } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { Route } from '../core/route.ts'
import type { Tools } from './tools.ts'

/** Which requests wait because a person said so. */
export type HeldRequests = NonNullable<Route['held']>

/**
 * Lets requests wait from now on, or go again: `undefined` lets all go. Resolves when every worker obeys. Rejects with
 * `service-unknown` before the first release.
 */
export async function hold(
  tools: Tools,
  service: ServiceName,
  held: HeldRequests | undefined,
): Promise<void> {
  await tools.exclusive(service)(async () => {
    const route = (await tools.router.read(service))?.route
    if (!route) throw nothingToHold(service)
    const { held: _, ...rest } = route
    await tools.router.apply(held === undefined ? rest : { ...rest, held })
  })
  tools.log(held === undefined ? 'requests released' : 'requests held', { service, held })
}

function nothingToHold(service: ServiceName): Problem {
  return new Problem('service-unknown', {
    message: `${service} has no traffic that could be held`,
    hint: 'Release it first: midflight deploy. Is this the right folder, or the right --state?',
    data: { service },
  })
}
