import { isMap, isPair, isScalar, visit, type Scalar } from 'yaml'
import { faultsProblem, type Fault } from './fault.ts'
import { placeOf, type Source } from './source.ts'
import { expand, type Lookup } from './variables.ts'

/**
 * Puts the values of variables into the scalars of the document: never into keys and never before parsing, so that no value
 * can change its structure. Throws `variable-unset` with all that have no value, `config-invalid` for a `${` that begins none.
 */
export function substitute(source: Source, lookup: Lookup): void {
  const unset: Fault[] = []
  const malformed: Fault[] = []
  for (const { scalar, section, isCommand } of scalarsOf(source)) {
    if (isCommand) continue
    if (isTextual(section)) keepText(scalar)
    if (typeof scalar.value !== 'string') continue
    const expanded = expand(scalar.value, lookup)
    unset.push(...expanded.unset.map((name) => unsetFault(source, scalar, name)))
    if (expanded.malformed > 0) malformed.push(malformedFault(source, scalar))
    if (expanded.text !== scalar.value) scalar.value = typed(scalar, expanded.text, section)
  }
  if (unset.length > 0) throw faultsProblem('variable-unset', source.name, [...unset, ...malformed])
  if (malformed.length > 0) throw faultsProblem('config-invalid', source.name, malformed)
}

/**
 * The variables that commands ask for, for the environment of their shell. It is the shell that puts them in: so no value
 * becomes part of a command, or shows in the process list. `env` has its own values.
 */
export function commandVariables(source: Source, lookup: Lookup): Readonly<Record<string, string>> {
  const faults: Fault[] = []
  const asked = new Map<string, string>()
  const own = source.document.get('env')
  for (const { scalar, isCommand } of scalarsOf(source)) {
    if (!isCommand || typeof scalar.value !== 'string') continue
    const ask = (name: string) => {
      if (isGiven(name) || (isMap(own) && own.has(name))) return ''
      const value = lookup(name)
      if (value !== undefined) asked.set(name, value)
      return value
    }
    const { unset } = expand(scalar.value, ask)
    faults.push(...unset.map((name) => unsetFault(source, scalar, name)))
    scalar.value = scalar.value.replaceAll('$${', '${')
  }
  if (faults.length > 0) throw faultsProblem('variable-unset', source.name, faults)
  return Object.fromEntries(asked)
}

/** Where commands stand. */
const COMMANDS = ['run', 'build', 'rollout.gates.command']

interface Place {
  readonly scalar: Scalar
  /** The key at the top of the file that it stands under. */
  readonly section: unknown
  /** It is run by a shell. */
  readonly isCommand: boolean
}

function scalarsOf(source: Source): Place[] {
  const places: Place[] = []
  visit(source.document, {
    Scalar: (role, scalar, path) => {
      const keys = path.flatMap((node) =>
        isPair(node) && isScalar(node.key) ? [node.key.value] : [],
      )
      const [section = ''] = keys
      const isCommand = COMMANDS.includes(keys.join('.'))
      if (role !== 'key') places.push({ scalar, section, isCommand })
    },
  })
  return places
}

/** What a process is given when it starts: its port, and who it is. */
function isGiven(name: string): boolean {
  return name === 'PORT' || name.startsWith('MIDFLIGHT_')
}

/** An environment is text, and so is what rules compare: `VERSION: 1.10` stays `1.10`. */
function isTextual(section: unknown): boolean {
  return section === 'env' || section === 'rules'
}

function keepText(scalar: Scalar): void {
  const isText = typeof scalar.value === 'number' || typeof scalar.value === 'boolean'
  if (isText) scalar.value = scalar.source ?? String(scalar.value)
}

/** `instances: ${COUNT}` is a number when the value is. */
function typed(scalar: Scalar, text: string, section: unknown): string | number {
  const isNumber = scalar.type === 'PLAIN' && !isTextual(section) && /^\d{1,15}$/.test(text)
  return isNumber ? Number(text) : text
}

function unsetFault(source: Source, scalar: Scalar, name: string): Fault {
  const start = scalar.range?.[0] ?? 0
  const offset = Math.max(source.text.indexOf(`\${${name}`, start), start)
  return {
    ...placeOf(source, offset),
    key: '',
    message: `the variable ${name} is not set`,
    hint: `Set ${name} in the environment or in .env beside the file, or give it a default: \${${name}:-…}. For a literal \${ write $\${.`,
  }
}

function malformedFault(source: Source, scalar: Scalar): Fault {
  return {
    ...placeOf(source, scalar.range?.[0] ?? 0),
    key: '',
    message: 'a ${ here begins no variable',
    hint: 'Write ${NAME} or ${NAME:-default}; for a literal ${ write $${.',
  }
}
