import { no, yes } from '../core/gate.ts'
import { Problem } from '../core/problem.ts'
import { shifted } from '../core/roles.ts'
import type { StepData } from '../core/plan.ts'
import type { Route, Weights } from '../core/route.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import type { Traffic } from '../core/traffic.ts'
import { changeRoute, leaderOf, readTraffic, settings } from './route.ts'

/** Gives each release its share of the traffic, once every worker of the proxy has it. */
export const shiftTraffic: Steps['shift-traffic'] = {
  do: async (data, world, options) => {
    const { to } = data
    const traffic = await readTraffic(world, options)
    const idle = Object.keys(to).find((release) => !canServe(traffic, release))
    if (idle !== undefined) return no(nobodyUp(idle, to))
    await apply(data, to, { world, options })
    return yes
  },

  undo: async (data, world, options) => apply(data, data.from, { world, options }),

  verify: async ({ to }, world) => {
    const route = (await world.router.read(world.service))?.route
    return route !== undefined && describe(route.weights) === describe(to)
  },

  describe: ({ to }) => `shift ${describe(to)}`,
}

type Shift = Extract<StepData, { kind: 'shift-traffic' }>

async function apply(
  shift: Shift,
  weights: Weights,
  { world, options }: { readonly world: World; readonly options: StepOptions },
): Promise<void> {
  const leader = leaderOf(weights)
  const release = leader === undefined ? undefined : await world.release(leader)
  const change = (route: Route): Route =>
    shifted(release ? settings(route, release) : route, shift, weights)
  await changeRoute(world, change, options)
}

function canServe(traffic: Traffic, release: string): boolean {
  return traffic.instances.some((each) => each.release === release && each.health === 'up')
}

function describe(weights: Weights): string {
  const shares = Object.entries(weights).toSorted(([a], [b]) => a.localeCompare(b))
  return shares.map(([release, share]) => `${share / 100}% → ${release}`).join(', ') || 'nothing'
}

function nobodyUp(release: string, to: Weights): Problem {
  return new Problem('release-not-ready', {
    message: `no instance of ${release} is ready, so it cannot take its share (${describe(to)})`,
    hint: `See its output: midflight logs ${release}`,
    data: { release, weights: to },
  })
}
