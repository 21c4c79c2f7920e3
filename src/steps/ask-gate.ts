import { fewUsersText } from '../core/few-users.ts'
import { no, type Verdict } from '../core/gate.ts'
import { instanceId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { type Counts, errorsIn, NO_COUNTS, since, type Traffic } from '../core/traffic.ts'
import { endedOf } from './ended.ts'
import { readTraffic } from './route.ts'
import { withoutEnded } from './without-ended.ts'

const EACH_MS = 200

type AskGate = Extract<StepData, { kind: 'ask-gate' }>

/** Watches the new release while it serves: its health all the time, its errors against a plain limit. */
export const askGate: Steps['ask-gate'] = {
  do: async (data, world, options) => {
    let spentMs = 0
    const before = await countsOf(data, world, options)
    for (;;) {
      const lookedAtMs = world.clock.steadyNow()
      const traffic = await readTraffic(world, options)
      // A hold judges what came in it; a look without a hold judges the whole rollout.
      const seen = since(
        data.hold === 0 ? world.baseline(data.release) : before,
        counted(traffic, data),
      )
      const isFrozen = world.opinion()?.verdict === 'frozen' || failsWithOthers(data, traffic)
      const here = data.crashes ? await withoutEnded(traffic, world) : traffic
      const gone = data.crashes ? undefined : await ended(data, world)
      const fault = gone ?? (isFrozen ? undefined : failing(data, here, seen))
      if (fault) return no(fault)
      const left = data.hold === 'until-promoted' ? Infinity : data.hold - spentMs
      if (options.hurry?.aborted || (left <= 0 && !isFrozen && !waitsForJudge(data, world)))
        return atEnd(data, world, seen)
      if (data.early && !isFrozen && world.opinion()?.verdict === 'fine') return passed(data, seen)
      options.report?.(isFrozen ? 'both releases fail: waiting' : progress(seen, left, world))
      await nap(Math.min(EACH_MS, Math.max(left, 1)), world, options)
      // The time in which nothing can be judged does not count.
      if (!isFrozen) spentMs += world.clock.steadyNow() - lookedAtMs
    }
  },

  // A question changes nothing.
  undo: async () => undefined,
  verify: async () => false,

  describe: ({ release, hold, gate }) => {
    const limit = `errors of ${release} ≤ ${percent(gate.errors)}`
    if (hold === 'until-promoted') return `gate ${limit}, until promoted`
    return hold === 0 ? `gate ${limit}` : `gate ${limit} for ${hold / 1_000}s`
  },
}

/** A person who promotes ends the nap at once; an abort rejects as everywhere. */
async function nap(ms: number, world: World, options: StepOptions): Promise<void> {
  const signals = [options.signal, options.hurry].filter((signal) => signal !== undefined)
  try {
    await world.clock.sleep(ms, { signal: AbortSignal.any(signals) })
  } catch (error) {
    if (!options.hurry?.aborted || options.signal?.aborted) throw error
  }
}

async function countsOf(data: AskGate, world: World, options: StepOptions): Promise<Counts> {
  return counted(await readTraffic(world, options), data)
}

function counted(traffic: Traffic, { release }: AskGate): Counts {
  return traffic.counts[release] ?? NO_COUNTS
}

async function ended({ release, slots }: AskGate, world: World): Promise<Problem | undefined> {
  return endedOf(
    world,
    slots.map((slot) => instanceId(world.service, release, slot)),
  )
}

function failing(data: AskGate, traffic: Traffic, seen: Counts): Problem | undefined {
  return unhealthy(data, traffic) ?? tooManyErrors(data, seen)
}

/** Instances of other releases are down too: what they share has failed, and to go back would mend nothing. */
function failsWithOthers({ release }: AskGate, { route, instances }: Traffic): boolean {
  const serving = route.instances.filter(({ state }) => state === 'serving').map(({ id }) => id)
  const down = instances.filter(({ id, health }) => health === 'down' && serving.includes(id))
  return (
    down.some((each) => each.release === release) && down.some((each) => each.release !== release)
  )
}

function unhealthy({ release, slots }: AskGate, traffic: Traffic): Problem | undefined {
  const ids = slots.map((slot) => instanceId(traffic.route.service, release, slot))
  const down = traffic.instances.find((each) => ids.includes(each.id) && each.health === 'down')
  if (!down) return undefined
  return new Problem('instance-not-healthy', {
    message: `${down.id} was ready and is not any more: ${down.reason ?? 'its checks fail'}`,
    hint: `See its output: midflight logs ${release}`,
    data: { instance: down.id, reason: down.reason },
  })
}

function tooManyErrors({ release, gate }: AskGate, seen: Counts): Problem | undefined {
  const errors = errorsIn(seen)
  if (seen.requests < gate.minRequests || errors / seen.requests <= gate.errors) return undefined
  return new Problem('gate-failed', {
    message: `${release} answered ${errors} of ${seen.requests} requests with an error (${percent(errors / seen.requests)}); the limit is ${percent(gate.errors)}`,
    hint: `See what it says: midflight logs ${release}. Deploy again when it is mended.`,
    data: { release, errors, requests: seen.requests, limit: gate.errors },
  })
}

/** Nothing is certain yet, and the file says to wait until it is. */
function waitsForJudge({ hold, inconclusive }: AskGate, world: World): boolean {
  return hold !== 0 && inconclusive === 'hold' && world.opinion()?.verdict === 'undecided'
}

function atEnd(data: AskGate, world: World, seen: Counts): Verdict {
  const isOpen = data.hold !== 0 && world.opinion()?.verdict === 'undecided'
  return isOpen && data.inconclusive === 'undo' ? no(inconclusive(data, seen)) : passed(data, seen)
}

function inconclusive({ release }: AskGate, seen: Counts): Problem {
  return new Problem('judge-inconclusive', {
    message: `nothing certain can be said of ${release} after ${seen.requests} requests, ${errorsIn(seen)} of them errors`,
    hint: 'Hold longer or give it more traffic; or let it go on: rollout.judge.inconclusive: go-on.',
    data: { release, requests: seen.requests, errors: errorsIn(seen) },
  })
}

function passed({ gate }: AskGate, seen: Counts): Verdict {
  const few = seen.requests < gate.minRequests ? ' (too few to judge)' : ''
  return { kind: 'yes', note: `${errorsIn(seen)} errors in ${seen.requests} requests${few}` }
}

function progress(seen: Counts, left: number, world: World): string {
  const opinion = world.opinion()
  if (opinion?.verdict === 'undecided' && opinion.few)
    return `the judge waits for more users: ${fewUsersText(opinion.few)}`
  const rest = left === Infinity ? 'until promoted' : `${Math.ceil(left / 1_000)}s left`
  return `${errorsIn(seen)} errors in ${seen.requests} requests, ${rest}`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`
}
