import type { OutlierSpec } from '../../core/balance.ts'
import type { Route } from '../../core/route.ts'
import type { HealthWatch } from './health-watch.ts'
import { mayEject } from './may-eject.ts'

/** A route and the watches of its instances. */
export interface Watched {
  readonly route: Route
  readonly watches: readonly HealthWatch[]
}

/** Takes an instance out for a while, unless it is, or unless too few of its release would be left. */
export function exclude(watch: HealthWatch, reason: string, { route, watches }: Watched): void {
  const outliers = outliersIn(route)
  if (!outliers || watch.exclusion.ejected || !isServing(watch, route)) return
  const others = watches.filter(
    (other) =>
      other !== watch &&
      other.instance.release === watch.instance.release &&
      isServing(other, route),
  )
  const marks = others.map((other) => other.mark)
  if (mayEject(marks, outliers)) watch.exclusion.begin(reason, outliers)
}

export function outliersIn({ traffic }: Route): OutlierSpec | undefined {
  return traffic?.balance?.outliers
}

/** The route knows better than the watch, which was made when the instance joined. */
function isServing({ instance }: HealthWatch, route: Route): boolean {
  return route.instances.some((each) => each.id === instance.id && each.state === 'serving')
}
