import { basename, dirname, resolve } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'
import { faultsProblem } from './fault.ts'
import { findConfig, loadConfig, type LoadOptions } from './load.ts'
import { positionOf, writtenAt } from './position.ts'
import { readConfig } from './read-config.ts'
import { parseSource, type Source } from './source.ts'
import { validateGroup } from './validate-group.ts'

export interface GroupConfig {
  readonly name: string
  /** In the order in which they roll out. */
  readonly members: readonly { readonly folder: string; readonly spec: ServiceSpec }[]
}

const MAKE_ONE = 'Write one, with two lines: group: site, and services: [./api, ./web]'

/**
 * Reads midflight.group.yaml and the midflight.yaml of each folder it names. Throws a Problem that names every fault with line
 * and column: `config-missing`, `config-unreadable`, `config-syntax`, `config-invalid`; `group-member-invalid` when the file of a
 * member cannot be used, with what is wrong in it.
 */
export async function loadGroup(path: string, options: LoadOptions): Promise<GroupConfig> {
  const source = parseSource(basename(path), await readConfig(path, MAKE_ONE))
  const file = validateGroup(source)
  const members: { folder: string; spec: ServiceSpec }[] = []
  for (const [index, name] of file.services.entries()) {
    const folder = resolve(dirname(path), name)
    const spec = await specIn(folder, options).catch((error: unknown) => {
      throw error instanceof Problem ? badMember(source, index, error) : error
    })
    refuseTwice(source, index, [...members.map((member) => member.spec), spec])
    members.push({ folder, spec })
  }
  return { name: file.group, members }
}

async function specIn(folder: string, options: LoadOptions): Promise<ServiceSpec> {
  return loadConfig(await findConfig(folder), options)
}

function badMember(source: Source, index: number, cause: Problem): Problem {
  const { line, column } = positionOf(source, ['services', index])
  const folder = writtenAt(source, ['services', index]) ?? ''
  return new Problem('group-member-invalid', {
    message: `${source.name}:${line}:${column}: ${folder} cannot be deployed: ${cause.message}`,
    hint: cause.hint,
    data: { file: source.name, line, column, because: cause.toJSON() },
    cause,
  })
}

/** Two members of one name would be one service that rolls out twice; two on one address cannot both listen. */
function refuseTwice(source: Source, index: number, specs: readonly ServiceSpec[]): void {
  const spec = specs.at(-1)
  const other = specs.slice(0, -1).find((each) => spec && clash(each, spec))
  if (!spec || !other) return
  const what =
    other.name === spec.name
      ? `is the service ${spec.name}, which is in the group already`
      : `listens where ${other.name} does, on ${told(spec)}`
  throw faultsProblem('config-invalid', source.name, [
    {
      ...positionOf(source, ['services', index]),
      key: `services[${index}]`,
      message: `${writtenAt(source, ['services', index]) ?? ''} ${what}`,
      hint: 'Give each service a name (service:) and a port (listen:) of its own.',
    },
  ])
}

function clash(one: ServiceSpec, other: ServiceSpec): boolean {
  if (one.name === other.name) return true
  return one.listen !== undefined && told(one) === told(other)
}

function told({ listen }: ServiceSpec): string {
  return listen ? `${listen.host}:${listen.port}` : ''
}
