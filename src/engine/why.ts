import type { Account } from '../core/account.ts'
import type { RecordedEntry } from '../core/record.ts'
import type { RolloutId } from '../core/rollout.ts'
import { describePlan } from './history.ts'
import { readRollout } from './read-rollout.ts'
import type { Tools } from './tools.ts'

type Needed = Pick<Tools, 'rollouts' | 'journal' | 'records' | 'steps'>

/** Every decision of a rollout with the numbers behind it. Rejects with `rollout-unknown`. */
export async function why(tools: Needed, id: RolloutId): Promise<Account> {
  const rollout = await readRollout(tools, id)
  const [journal, record] = await Promise.all([tools.journal.read(id), tools.records.read(id)])
  return {
    rollout,
    steps: describePlan(rollout.plan, tools.steps),
    journal,
    record: record.filter(isTold),
  }
}

function isTold(entry: RecordedEntry): entry is Account['record'][number] {
  return entry.kind !== 'looks'
}
