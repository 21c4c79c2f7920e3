import type { Finding } from '../config/inspections/finding.ts'
import { findConfig } from '../config/load.ts'
import { type GroupConfig, loadGroup } from '../config/load-group.ts'
import type { GroupDoubts } from '../core/doubt.ts'
import { groupDoubtsAbout } from './doubts-about.ts'
import { errorsIn, findingOf, findingsOf, findingText, lookAt } from './findings.ts'
import { groupFileAt } from './group-file.ts'
import { paint } from './paint.ts'
import type { Common } from './where.ts'

interface Checked {
  readonly service: string
  readonly findings: readonly Finding[]
}

/** Tells what would go wrong with a group. Resolves with the number of errors; `undefined` when it was interrupted. */
export async function checkGroup(
  path: string | undefined,
  isStarted: boolean,
  common: Common,
): Promise<number | undefined> {
  const group = await loadGroup(groupFileAt(path), { env: process.env })
  const looked = await lookAtAll(group, common)
  const isTried = isStarted && looked.every(({ findings }) => errorsIn(findings) === 0)
  if (!isTried) return tell({ services: looked, together: [] }, common)
  const specs = group.members.map(({ spec }) => spec)
  const doubts = await groupDoubtsAbout(specs, common)
  if (!doubts) return undefined
  const services = looked.map((each) => withDoubts(each, doubts))
  return tell({ services, together: doubts.together.map(findingOf) }, common)
}

async function lookAtAll({ members }: GroupConfig, common: Common): Promise<readonly Checked[]> {
  const all: Checked[] = []
  for (const { folder, spec } of members) {
    const findings = await lookAt(spec, await findConfig(folder), common)
    all.push({ service: spec.name, findings })
  }
  return all
}

function withDoubts({ service, findings }: Checked, { members }: GroupDoubts): Checked {
  const doubts = members.find((each) => each.service === service)?.doubts ?? []
  return { service, findings: [...findings, ...findingsOf(doubts)] }
}

interface All {
  readonly services: readonly Checked[]
  /** About all of them at once. */
  readonly together: readonly Finding[]
}

function tell({ services, together }: All, common: Common): number {
  const errors = errorsIn([...services.flatMap(({ findings }) => findings), ...together])
  if (common.json) {
    console.log(JSON.stringify({ ok: errors === 0, services, together }))
    return errors
  }
  const parts = [
    ...services,
    ...(together.length > 0 ? [{ service: 'all together', findings: together }] : []),
  ]
  for (const { service, findings } of parts) {
    console.log(paint('bold', service))
    for (const finding of findings) console.log(findingText(finding))
  }
  console.log(errors === 0 ? 'good to go: midflight deploy --group' : `${errors} to mend first`)
  return errors
}
