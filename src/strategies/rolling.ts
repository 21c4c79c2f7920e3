import { ALL } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import { countOf } from '../core/portion.ts'
import type { Release } from '../core/release.ts'
import type { RollingSpec } from '../core/rollout-spec.ts'
import type { Running, Strategy } from '../core/strategy.ts'
import { bake, bringUp, clearAway, retire, slotsOf, takeAway, watch } from './moves.ts'
import { type Batch, batches } from './batches.ts'
import { previewed } from './previewed.ts'
import { allOn, type Carrier, nextOf, nobody, oldOf, type Sharing, shift } from './sharing.ts'

/**
 * Replaces the instances batch by batch; at most `surge` more than the wanted number run meanwhile. A set that is to stay
 * warm needs room beside the new one: then none of it leaves, and traffic alone moves batch by batch.
 */
export const rolling: Strategy<RollingSpec> = (now, next, spec) => {
  const { keeps } = retire(now.live, spec)
  return {
    service: next.service,
    strategy: 'rolling',
    ...(now.live && { from: now.live.release }),
    to: next.id,
    steps: previewed(now, next, spec, [
      ...clearAway(now, next),
      ...(now.live ? replace(now.live, next, spec) : first(next)),
      ...bake(now, next, spec),
    ]),
    ...(keeps && { keeps }),
  }
}

function first(next: Release): StepData[] {
  return [...bringUp(next.id, slotsOf(next)), shift(nobody, allOn(nextOf(next)))]
}

function replace(live: Running, next: Release, spec: RollingSpec): StepData[] {
  const steps: StepData[] = []
  const [old, fresh] = [oldOf(live), nextOf(next)]
  const stays = (spec.warmMs ?? 0) > 0
  let sharing = allOn(old)
  for (const batch of batchesOf(live, next, spec)) {
    const early = stays ? [] : batch.early
    const late = stays ? [] : batch.late
    const to = byCount(old, fresh, batch)
    steps.push(
      ...takeAway(old.release, early),
      ...bringUp(next.id, batch.coming),
      shift(without(sharing, old, early.length), to),
      ...takeAway(old.release, late),
      watch(next, slotsOf(next).slice(0, batch.reached), 0, spec),
    )
    sharing = to
  }
  return steps
}

function batchesOf(live: Running, next: Release, { batch, surge }: RollingSpec): readonly Batch[] {
  const wanted = next.spec.instances
  return batches(live.slots, slotsOf(next), {
    size: countOf(batch, wanted),
    surge: countOf(surge, wanted),
  })
}

/** The new release gets the share of its wanted instances that it reached; all where no old one is left. */
function byCount(old: Carrier, fresh: Carrier, { reached, left }: Batch): Sharing {
  if (left === 0) return { ...allOn(fresh), needs: { [fresh.release]: reached } }
  const share = Math.round((ALL * reached) / fresh.instances)
  return {
    weights: { [old.release]: ALL - share, [fresh.release]: share },
    needs: { [old.release]: left, [fresh.release]: reached },
  }
}

/** The old release carried its share with fewer, because some had to make room first. */
function without({ weights, needs }: Sharing, { release }: Carrier, count: number): Sharing {
  return { weights, needs: { ...needs, [release]: (needs[release] ?? 0) - count } }
}
