import { Generator } from './generator.ts'
import type { LoadPlan } from './talk.ts'

/** A load, as a process: `node generate.ts PLAN` with a LoadPlan in JSON; prints a LoadOutcome. */
const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan
process.stdout.write(JSON.stringify(await new Generator(plan).run()))
