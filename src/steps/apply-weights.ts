import { shifted } from '../core/roles.ts'
import type { StepData } from '../core/plan.ts'
import type { Route, Weights } from '../core/route.ts'
import type { StepOptions, World } from '../core/step.ts'
import { changeRoute, leaderOf, settings } from './route.ts'

export type Shift = Extract<StepData, { kind: 'shift-traffic' }>

export interface Place {
  readonly world: World
  readonly options: StepOptions
}

/** Gives everybody these shares, whoever can carry them. */
export async function applyWeights(
  shift: Shift,
  weights: Weights,
  { world, options }: Place,
): Promise<void> {
  await changeRoute(world, await changeTo(weights, shift, world), options)
}

/** What a route becomes when these weights are a part of this shift, done or taken back. */
export async function changeTo(
  weights: Weights,
  shift: Shift,
  world: World,
): Promise<(route: Route) => Route> {
  const leader = leaderOf(weights)
  const release = leader === undefined ? undefined : await world.release(leader)
  return (route) => shifted(release ? settings(route, release) : route, shift, weights)
}
