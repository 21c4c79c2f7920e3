import type { Group } from './group.ts'
import type { ServiceName } from './names.ts'
import { Problem } from './problem.ts'

/** Why nothing else may be begun with this service. */
export function groupRunning({ id, name }: Group, service: ServiceName): Problem {
  return new Problem('group-running', {
    message: `${service} is rolled out with the group ${name} (${id}), which has not ended`,
    hint: `Wait for its end, or take it back: midflight abort --group ${name}. Or deploy with --if-busy queue or --if-busy supersede.`,
    data: { service, group: id, name },
  })
}
