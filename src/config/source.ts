import { LineCounter, parseDocument, visit, type Alias, type Document, type YAMLError } from 'yaml'
import { faultsProblem, type Fault } from './fault.ts'
import { shield, unshield } from './shield.ts'

/** The file as text and as YAML, to find out what is written where. */
export interface Source {
  readonly name: string
  readonly text: string
  readonly document: Document
  readonly lines: LineCounter
}

/** Reads YAML 1.2. Throws `config-syntax` when it is none, or has a key twice. */
export function parseSource(name: string, text: string): Source {
  const lines = new LineCounter()
  const document: Document = parseDocument(shield(text), {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  })
  const source = { name, text, document, lines }
  const errors = [...document.errors, ...document.warnings]
  if (errors.length > 0) throw faultsProblem('config-syntax', name, syntaxFaults(source, errors))
  const dangling: Fault[] = []
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document)) dangling.push(danglingFault(source, alias))
    },
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string') scalar.value = unshield(scalar.value)
    },
  })
  if (dangling.length > 0) throw faultsProblem('config-syntax', name, dangling)
  return source
}

/** Line and column, both counted from 1. */
export function placeOf(source: Source, offset: number): Pick<Fault, 'line' | 'column'> {
  const { line, col } = source.lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** One error of structure makes others that are only its echo, so the first is told, and every key that is there twice. */
function syntaxFaults(source: Source, errors: readonly YAMLError[]): Fault[] {
  const first = errors.find((error) => error.code !== 'DUPLICATE_KEY')
  const twice = errors.filter((error) => error.code === 'DUPLICATE_KEY')
  return [...twice, ...(first ? [first] : [])].map((error) => ({
    ...placeOf(source, error.pos[0]),
    key: '',
    ...explained(source, error),
  }))
}

function explained(source: Source, error: YAMLError): Pick<Fault, 'message' | 'hint'> {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        message: `key "${wordAt(source.text, error.pos[0])}" is here twice`,
        hint: 'Keep one of the two.',
      }
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line', hint: 'Indent with spaces.' }
    case 'MULTIPLE_DOCS':
      return {
        message: 'a second document begins here',
        hint: 'One file describes one service: take the line --- out.',
      }
    case 'NON_STRING_KEY':
      return { message: 'a key must be text', hint: 'Write every key as a plain word.' }
    case 'BAD_SCALAR_START':
      return {
        message: `a value cannot begin with ${source.text[error.pos[0]] ?? 'this'}`,
        hint: 'Put the value in quotes.',
      }
    default:
      return {
        message: `this is not YAML: ${unshield(error.message)}`,
        hint: 'Check the indentation and the brackets; a value that holds ": " or " #" needs quotes.',
      }
  }
}

function danglingFault(source: Source, alias: Alias): Fault {
  return {
    ...placeOf(source, alias.range?.[0] ?? 0),
    key: '',
    message: `*${alias.source} stands for nothing`,
    hint: `Mark a value with &${alias.source} before it, or put this value in quotes.`,
  }
}

function wordAt(text: string, offset: number): string {
  return /^['"]?([^\s:'",}]*)/.exec(text.slice(offset))?.[1] ?? ''
}
