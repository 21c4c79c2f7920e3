import type { GroupDoubts } from '../../core/doubt.ts'
import type { ServiceName } from '../../core/names.ts'
import type { Findings, Preflight } from '../../core/preflight.ts'
import type { ServiceSpec } from '../../core/service.ts'

interface Member {
  readonly spec: Pick<ServiceSpec, 'name'>
}

/** What is doubtful about each member, one after the other, and about all of them together. `look` looks at one. */
export async function checkGroup<M extends Member>(
  members: readonly M[],
  look: (member: M) => Promise<Findings>,
  { lookTogether }: Pick<Preflight, 'lookTogether'>,
): Promise<GroupDoubts> {
  const found: (Findings & { readonly service: ServiceName })[] = []
  for (const member of members) found.push({ service: member.spec.name, ...(await look(member)) })
  return {
    members: found.map(({ service, doubts }) => ({ service, doubts })),
    together: await lookTogether(found.map(({ demand }) => demand)),
  }
}
