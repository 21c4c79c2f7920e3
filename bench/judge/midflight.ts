import type { Incident, Observation } from '../../src/core/incident.ts'
import type { JudgeSpec } from '../../src/core/judge.ts'
import type { SightCell } from '../../src/core/sight.ts'
import { judging } from '../../src/judge/judging.ts'
import type { Rule } from './rules.ts'
import { type Errors, errorsIn, type World } from './world.ts'

/** The judge looks ten times a second, and what it says is acted on within as long. */
const LOOK_MS = 100
const SPEC: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: true,
  early: false,
  latency: 0.95,
  inconclusive: 'go-on',
}

/** The real judge, as a rollout asks it. Moments in which nothing happens are one look. */
export const midflight: Rule = (world, random, forMs) => {
  const judge = judging({ spec: SPEC, candidate: 'v2', stable: 'v1' })
  const look = (nowMs: number, incidents: readonly Errors[]) =>
    judge.see({ observation: observed(world, nowMs, incidents), share: world.share, nowMs })
  look(0, [])
  let [escaped, untilMs, dueMs] = [0, Infinity, LOOK_MS]
  let waiting: Errors[] = []
  for (const errors of errorsIn(world, random)) {
    if (waiting.length > 0 && errors.atMs > dueMs && untilMs === Infinity) {
      look(dueMs, waiting)
      waiting = []
      if (judge.opinion.verdict === 'bad') untilMs = dueMs + LOOK_MS
    }
    if (errors.atMs > Math.min(untilMs, forMs)) break
    if (errors.of === 'candidate') escaped += errors.count
    if (waiting.length === 0) dueMs = Math.ceil(errors.atMs / LOOK_MS) * LOOK_MS
    waiting.push(errors)
  }
  return { atMs: untilMs < Infinity ? untilMs : undefined, escaped }
}

function observed(world: World, nowMs: number, errors: readonly Errors[]): Observation {
  const answers = (world.perSecond * nowMs) / 1000
  const sight = (share: number) => ({
    perSecond: 0,
    errorsPerSecond: 0,
    cells: cells(share * answers),
  })
  return {
    cursor: nowMs,
    releases: { v1: sight(1 - world.share), v2: sight(world.share) },
    incidents: errors.map((each) => incidentOf(world, each)),
  }
}

/** What is counted as an error, a refusal or late is told by the incidents. */
function cells(count: number): readonly SightCell[] {
  return [{ methods: 'reads', status: 2, firstByte: [10, count], whole: [10, count] }]
}

function incidentOf(world: World, { of, user, atMs }: Errors): Incident {
  const release = of === 'candidate' ? 'v2' : 'v1'
  const [what, status] = world.slow ? (['slow', 200] as const) : (['error', 500] as const)
  return { atMs, release, instance: `shop.${release}.0`, user, what, status, path: 'GET /' }
}
