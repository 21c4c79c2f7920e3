import type { Gate } from '../core/asking.ts'
import type { Question } from '../core/gate.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { Baseline, RolloutId } from '../core/rollout.ts'
import type { World } from '../core/step.ts'
import { NO_COUNTS } from '../core/traffic.ts'
import type { Judged } from './judged/judged.ts'
import type { Tools } from './tools.ts'

const NOTHING: Baseline = { counts: {}, held: 0, refused: 0 }

/** The rollout that the steps are of, as far as there is one. */
interface About {
  readonly rollout?: RolloutId
  readonly baseline?: Baseline
  readonly judged?: Judged
}

/** The world as the steps of one service may touch it. */
export function worldOf(
  tools: Tools,
  service: ServiceName,
  { baseline = NOTHING, judged, rollout }: About = {},
): World {
  return {
    service,
    runtime: tools.runtime,
    router: judged?.router ?? tools.router,
    clock: tools.clock,
    exclusive: tools.exclusive(service),
    release: async (id) => findRelease(tools, service, id),
    ask: async (question, occasion, options) => {
      // Each kind has its own gate; that they fit each other is what `Gates` says.
      const gate = tools.gates[question.kind] as Gate<Question>
      return gate.ask(question, { ...occasion, ...(rollout !== undefined && { rollout }) }, options)
    },
    opinion: () => judged?.opinion,
    baseline: (id) => baseline.counts[id] ?? NO_COUNTS,
  }
}

/** Rejects with `release-unknown`, naming the releases there are. */
export async function findRelease(
  tools: Tools,
  service: ServiceName,
  id: ReleaseId,
): Promise<Release> {
  const release = await tools.releases.read(service, id)
  if (release) return release
  const known = (await tools.releases.list(service)).map((each) => each.id)
  throw new Problem('release-unknown', {
    message: `${service} has no release ${id}`,
    hint:
      known.length > 0 ? `There are: ${known.join(', ')}` : 'There is none yet: `midflight deploy`',
    data: { service, release: id, known },
  })
}

/** What the router has counted so far, for the ledger to begin from. */
export async function readBaseline(tools: Tools, service: ServiceName): Promise<Baseline> {
  const traffic = await tools.router.read(service)
  if (!traffic) return NOTHING
  return { counts: traffic.counts, held: traffic.held, refused: traffic.refused }
}
