import type { OutlierSpec } from '../../core/balance.ts'
import { ALL } from '../../core/names.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'

/** Another serving instance of the same release. */
export type Other = Pick<HealthMark, 'health' | 'ejected'>

/**
 * Whether one more instance of a release may be taken out: there must be one that takes its traffic, and no more than
 * the largest share may be out. One always may be, so that two instances are not too few to be protected.
 */
export function mayEject(others: readonly Other[], { ejected }: OutlierSpec): boolean {
  const out = others.filter((other) => other.ejected).length
  const most = Math.max(1, Math.floor(((others.length + 1) * ejected) / ALL))
  return out < most && others.some((other) => other.health === 'up' && !other.ejected)
}
