import type { Abortable } from '../core/clock.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import type { Doubt } from '../core/doubt.ts'
import type { Demand, Findings } from '../core/preflight.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { Rollout } from '../core/rollout.ts'
import type { ServiceSpec } from '../core/service.ts'
import type { ServiceRecord } from '../core/store.ts'
import { checkKnown } from './check-known.ts'
import { checkSameKind } from './check-same-kind.ts'
import type { Crew } from './crew.ts'
import { doubtsAbout, lookAhead, type Looking } from './look-ahead.ts'
import { checkNewId, nextId, planFor, readNow } from './now.ts'
import type { Tools } from './tools.ts'
import { findRelease, readBaseline } from './world.ts'

export interface DeployRequest {
  readonly spec: ServiceSpec
  /** The new release's name; the next number when left out. */
  readonly release?: ReleaseId
  /** Who asks. */
  readonly by?: string
}

/** What a deploy would do, without making a release or touching anything. */
export async function plan(tools: Tools, request: DeployRequest): Promise<Plan> {
  const { spec } = request
  await checkSameKind(tools, spec)
  const all = await tools.releases.list(spec.name)
  const id = request.release ?? nextId(all)
  checkNewId(id, all)
  const now = await readNow(tools, spec.name)
  return planFor(tools.strategies, now, unmade(spec, id), spec.rollout)
}

/** A release as far as it is known before it is made. */
function unmade(spec: ServiceSpec, id: ReleaseId): Release {
  return { service: spec.name, id, directory: '', spec, madeAtMs: 0, digest: '' }
}

/** A release that may be rolled out, and what is doubtful about that. */
export interface Prepared {
  readonly release: Release
  readonly doubts: readonly Doubt[]
  readonly demand: Demand
}

/** Makes the release of what lies in the directory now, and looks at it. Nothing has changed when it rejects. */
export async function prepare(
  tools: Tools,
  request: DeployRequest,
  looking: Looking = {},
): Promise<Prepared> {
  const release = await make(tools, request, looking)
  try {
    const found = await lookAhead(tools, release, looking)
    await tools.releases.add(release)
    return { release, ...found }
  } catch (error) {
    await tools.workshop.remove(release)
    throw error
  }
}

/** What a deploy would find out now. Makes the release for that, and removes it again. */
export async function check(
  tools: Tools,
  request: DeployRequest,
  looking: Looking = {},
): Promise<Findings> {
  const release = await make(tools, request, looking)
  try {
    return await doubtsAbout(tools, release, looking)
  } finally {
    await tools.workshop.remove(release)
  }
}

/** The copy alone; nothing is recorded. */
async function make(tools: Tools, request: DeployRequest, { signal }: Abortable): Promise<Release> {
  const { spec } = request
  await checkSameKind(tools, spec)
  const all = await tools.releases.list(spec.name)
  const id = request.release ?? nextId(all)
  checkNewId(id, all)
  // A controller that crashed after making a release and before recording it left a copy that nothing knows.
  await tools.workshop.remove(unmade(spec, id))
  return tools.workshop.make(spec, id, signal ? { signal } : {})
}

/** Forgets a release that never came to a rollout. */
export async function discard(tools: Tools, release: Release): Promise<void> {
  await tools.workshop.remove(release)
  await tools.releases.remove(release.service, release.id)
}

/** Plans, opens the rollout, and leaves it to the crew. Rejects with `rollout-running` when there is one. */
export async function deploy(
  tools: Tools,
  crew: Crew,
  release: Release,
  how: Pick<Manner, 'amend' | 'by'> = {},
): Promise<Rollout> {
  return launch(tools, crew, release, { ...how, kind: 'deploy', spec: release.spec.rollout })
}

/** Goes back to a release that served before: at once when it is still warm, else as soon as it is ready again. */
export async function rollback(
  tools: Tools,
  crew: Crew,
  service: ServiceName,
  { to, by }: { readonly to?: ReleaseId; readonly by?: string } = {},
): Promise<Rollout> {
  const record = await tools.services.read(service)
  const id = to ?? record?.warm?.release ?? (await lastGood(tools, service, record))
  const release = await findRelease(tools, service, id)
  if (record?.live === id) throw alreadyLive(service, id)
  await checkSameKind(tools, release.spec)
  const { gate } = release.spec.rollout
  return launch(tools, crew, release, {
    kind: 'rollback',
    ...(by !== undefined && { by }),
    spec: { strategy: 'blue-green', gate, bakeMs: 0, warmMs: 0 },
  })
}

interface Manner {
  readonly kind: Rollout['kind']
  readonly spec: ServiceSpec['rollout']
  /** Changes the strategy's plan, where the rollout is part of a larger one. */
  readonly amend?: (plan: Plan) => Plan
  readonly by?: string
}

async function launch(tools: Tools, crew: Crew, release: Release, how: Manner): Promise<Rollout> {
  return crew.alone(release.service, async () => {
    const [last] = await tools.rollouts.list(release.service, { limit: 1 })
    if (last && last.state.phase !== 'finished') checkKnown(last, tools.steps)
    const [now, baseline] = await Promise.all([
      readNow(tools, release.service),
      readBaseline(tools, release.service),
    ])
    const planned = planFor(tools.strategies, now, release, how.spec)
    const amended = how.amend?.(planned) ?? planned
    const rollout = await tools.rollouts.open(amended, how.kind, baseline, how.by)
    await take(tools, crew, rollout)
    return rollout
  })
}

/** Begins a rollout, or goes on with one that an earlier controller left behind. */
export async function take(tools: Tools, crew: Crew, rollout: Rollout): Promise<void> {
  checkKnown(rollout, tools.steps)
  const release = await findRelease(tools, rollout.service, rollout.plan.to)
  const before = await tools.services.read(rollout.service)
  const promoted: ServiceRecord = { spec: release.spec, live: release.id }
  crew.begin(rollout, { promoted, undone: before ?? { spec: release.spec } })
}

async function lastGood(
  tools: Tools,
  service: ServiceName,
  record?: ServiceRecord,
): Promise<ReleaseId> {
  const all = await tools.rollouts.list(service)
  const ended = all.find(
    ({ state, plan }) =>
      state.phase === 'finished' && state.outcome === 'promoted' && plan.to === record?.live,
  )
  if (ended?.plan.from !== undefined) return ended.plan.from
  throw new Problem('nothing-to-go-back-to', {
    message: `${service} has no earlier release that was promoted`,
    hint: 'See what there is: midflight history. Name one: midflight rollback v1.',
    data: { service },
  })
}

function alreadyLive(service: ServiceName, id: ReleaseId): Problem {
  return new Problem('release-live', {
    message: `${id} of ${service} is live already`,
    hint: 'Name another release: midflight history shows them.',
    data: { service, release: id },
  })
}
