import type { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import { faultsProblem, type Fault } from './fault.ts'
import { exampleFor, knownWords } from './known-keys.ts'
import { dotted, keyPositionOf, positionOf, writtenAt, type Path } from './position.ts'
import { schema } from './schema.ts'
import type { ServiceFile } from './service-file.ts'
import type { Source } from './source.ts'
import { unknownKey, type KeyFault } from './unknown-key.ts'

/**
 * The file as its schema understands it. Throws `config-invalid` with every fault at once, or `config-not-yet` when all that
 * is wrong are keys of later versions. Faults quote the file as written, so no variable's value is ever shown.
 */
export function validate(source: Source, value: unknown): ServiceFile {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.flatMap((issue) => faultsOf(source, value, issue))
  const isLater = faults.every((fault) => 'kind' in fault && fault.kind === 'later')
  const code = isLater ? 'config-not-yet' : 'config-invalid'
  throw faultsProblem(code, source.name, faults)
}

/** The smallest file there is. */
const TWO_LINES = 'service: shop on one line, run: node server.js on the next'

type Issue = z.core.$ZodIssue

function faultsOf(source: Source, value: unknown, issue: Issue): (Fault | KeyFault)[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(source, value, path, key))
  if (issue.code === 'invalid_key')
    return [
      { ...wrong(source, path, issue.issues[0]?.message ?? ''), ...keyPositionOf(source, path) },
    ]
  if (issue.code === 'invalid_union') {
    const given = valueAt(value, path)
    const meant = issue.errors.find((issues) => issues.every((inner) => !refuses(inner, given)))
    const inner = meant?.map((each) => ({ ...each, path: [...path, ...each.path] })) ?? []
    if (inner.length > 0) return inner.flatMap((each) => faultsOf(source, value, each))
  }
  const fault = wrong(source, path, issue.message, issue.code)
  const hint = hintOf(issue)
  return [hint === undefined ? fault : { ...fault, message: `${fault.key} ${issue.message}`, hint }]
}

/** What is to be done, where a check of our own says all that there is to say. */
function hintOf(issue: Issue): string | undefined {
  const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined
  return typeof hint === 'string' ? hint : undefined
}

/** This alternative of a union is for another kind of value: it was not meant, so its faults are no help. */
function refuses(issue: Issue, given: unknown): boolean {
  if (issue.path.length > 0) return false
  return (
    issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof given !== 'string')
  )
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (within, part) => (within as Readonly<Record<PropertyKey, unknown>>)[part],
    value,
  )
}

function wrong(source: Source, path: Path, message: string, code?: Issue['code']): Fault {
  const written = writtenAt(source, path)
  const key = dotted(path)
  const example = exampleFor(path)
  // A check of several keys may blame one that is not written: its default does not go with the others.
  const isMissing = written === undefined && path.length > 0 && code !== 'custom'
  return {
    ...positionOf(source, path),
    key,
    message: isMissing
      ? `${key} is missing`
      : `${key || 'the file'} ${message}${shown(written, code)}`,
    hint: hintFor(written, path, example ?? TWO_LINES),
  }
}

function shown(written: string | undefined, code?: Issue['code']): string {
  if (code === 'custom' && (written === undefined || /^a (mapping|list)$/.test(written))) return ''
  return `, is ${written ?? 'empty'}`
}

function hintFor(written: string | undefined, path: Path, example: string): string {
  const word = written?.replaceAll(/["']/g, '') ?? ''
  const meant = didYouMean(word, knownWords(path))
  if (meant !== undefined && meant !== word) return `Did you mean "${meant}"?`
  const lacksUnit = /^\d+$/.test(written ?? '') && /\d(?:s|m|h|%|[KMG]iB)$/.test(example)
  return `${lacksUnit ? 'Write the unit, for example' : 'For example'}: ${example}`
}
