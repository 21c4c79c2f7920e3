import type { ServiceName } from '../core/names.ts'
import type { Release } from '../core/release.ts'

/** No service of a user has such a name: theirs begin with a letter. */
const MARK = '~'

/**
 * The release under the name of a service that no route has: whatever runs of it is found by that name, and never taken for an
 * instance that serves. The app learns the name from `MIDFLIGHT_SERVICE`.
 */
export function throwAway(release: Release): Release {
  return { ...release, service: `${MARK}${release.service}` }
}

export function isThrownAway(service: ServiceName): boolean {
  return service.startsWith(MARK)
}
