import { Attempt } from '../plane/attempt.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import { type Asset, AssetFallback, type Recipient } from './asset-fallback.ts'
import { isAsset } from './is-asset.ts'

/** The first attempt at this request; for a file, one that may be followed by another release's. */
export function firstAttempt(pool: InstancePool, recipient: Recipient, asset: Asset): Attempt {
  const { head, service } = asset
  if (service.assets === undefined || !isAsset(head, service.assets))
    return new Attempt(pool, recipient)
  return new AssetFallback(pool, recipient, asset).first
}
