import type { Youth } from '../../core/judge.ts'
import type { ReleaseId, ServiceName } from '../../core/names.ts'
import type { Rollout } from '../../core/rollout.ts'
import type { Tools } from '../tools.ts'
import { YOUNG_MS, YoungLives } from './young-lives.ts'

/** Of older rollouts no looks are kept. */
const LATEST = 10

type Needed = Pick<Tools, 'rollouts' | 'records' | 'log'>

/**
 * What instances of a live release used while they were young, from the record of the rollout that made it live.
 * `undefined` where nothing of that is kept. Never rejects: without it, what the release does now is compared.
 */
export async function recallYouth(
  tools: Needed,
  service: ServiceName,
  release: ReleaseId,
): Promise<Youth | undefined> {
  try {
    // Twice promoted, its processes were started twice; after an instant rollback, they were old already.
    for (const rollout of await tools.rollouts.list(service, { limit: LATEST })) {
      const youth = promotes(rollout, release) ? await youthIn(tools, rollout) : undefined
      if (youth) return youth
    }
  } catch (error) {
    tools.log('how the old release was at this age is not known', { release, error: String(error) })
  }
  return undefined
}

function promotes({ plan, state }: Rollout, release: ReleaseId): boolean {
  return plan.to === release && state.phase === 'finished' && state.outcome === 'promoted'
}

async function youthIn({ records }: Needed, { id, plan }: Rollout): Promise<Youth | undefined> {
  const lives = new YoungLives(plan.to)
  let begunAtMs: number | undefined
  for await (const page of records.pages(id)) {
    for (const entry of page) {
      if (entry.kind !== 'looks') continue
      for (const { weighings = [] } of entry.looks) lives.add(weighings)
    }
    // The first instances tell enough, and a record may be of many hours.
    begunAtMs ??= page[0]?.atMs
    if ((page.at(-1)?.atMs ?? 0) - (begunAtMs ?? 0) > YOUNG_MS) break
  }
  return lives.youth
}
