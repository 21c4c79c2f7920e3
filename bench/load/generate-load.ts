import { fileURLToPath } from 'node:url'
import type { Stage } from '../stage.ts'
import type { LoadOutcome, LoadPlan } from './talk.ts'

const PROGRAM = fileURLToPath(new URL('./generate.ts', import.meta.url))

/** Has the load made by a process of its own. */
export async function generateLoad(stage: Stage, plan: LoadPlan): Promise<LoadOutcome> {
  return JSON.parse(
    await stage.run(process.execPath, [PROGRAM, JSON.stringify(plan)]),
  ) as LoadOutcome
}
