import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { faultsProblem, type Fault } from './fault.ts'
import { groupSchema, type GroupFile } from './group-schema.ts'
import { dotted, keyPositionOf, positionOf, writtenAt } from './position.ts'
import type { Source } from './source.ts'

const KEYS = ['group', 'services']

/** The smallest group there is. */
const EXAMPLE = 'group: site on one line, services: [./orders, ./web] on the next'

/** The file as its schema understands it. Throws `config-invalid` with every fault at once. */
export function validateGroup(source: Source): GroupFile {
  const result = groupSchema.safeParse(source.document.toJS())
  if (result.success) return result.data
  const faults = result.error.issues.flatMap((issue) => faultsOf(source, issue))
  throw faultsProblem('config-invalid', source.name, faults)
}

function faultsOf(source: Source, issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknown(source, key))
  const { path } = issue
  const key = dotted(path)
  const written = writtenAt(source, path)
  const isMissing = written === undefined && path.length > 0
  const message = isMissing
    ? `${key} is missing`
    : `${key || 'the file'} ${issue.message}, is ${written ?? 'empty'}`
  return [{ ...positionOf(source, path), key, message, hint: `For example: ${EXAMPLE}` }]
}

function unknown(source: Source, key: string): Fault {
  const meant = didYouMean(key, KEYS)
  return {
    ...keyPositionOf(source, [key]),
    key,
    message: `unknown key "${key}"`,
    hint: `${meant === undefined ? '' : `Did you mean "${meant}"? `}Known here: ${KEYS.join(', ')}.`,
  }
}
