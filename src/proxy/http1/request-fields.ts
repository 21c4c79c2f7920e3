import { newFieldLine, readFieldLine, valueOf } from './field-line.ts'
import { reject, type Rejection } from './rejection.ts'

const MOST_FIELDS = 128

/** The fields of a request, read once. */
export interface RequestFields {
  readonly kind: 'fields'
  host: string | undefined
  length: string | undefined
  coding: string | undefined
  connection: string | undefined
  upgrade: string | undefined
  expects: boolean
  /** The lines to pass on as they are: none that is for this hop only, and none that is written anew. */
  kept: string
}

/** Reads all lines from `at` to the end of `text`. Their characters are known to be clean. */
export function readRequestFields(text: string, at: number): RequestFields | Rejection {
  const fields = noFields()
  const line = newFieldLine()
  let count = 0
  let next = at
  while (next < text.length) {
    next = readFieldLine(text, next, line)
    if (next < 0) return reject(400, 'a line is not a field')
    count += 1
    if (count > MOST_FIELDS) return reject(431, 'too many fields')
    const disposal = disposalOf(line.name)
    if (disposal === 'keep') fields.kept += text.slice(line.start, next)
    else if (disposal === 'fault') return reject(400, `${line.name} may be read as another field`)
    else if (disposal === 'read' && !take(fields, line.name, valueOf(text, line)))
      return reject(400, `more than one ${line.name} field`)
    if (line.name === 'expect') fields.expects = true
  }
  return fields
}

function noFields(): RequestFields {
  return {
    kind: 'fields',
    host: undefined,
    length: undefined,
    coding: undefined,
    connection: undefined,
    upgrade: undefined,
    expects: false,
    kept: '',
  }
}

function disposalOf(name: string): 'keep' | 'read' | 'drop' | 'fault' {
  switch (name) {
    case 'host':
    case 'content-length':
    case 'transfer-encoding':
    case 'connection':
    case 'upgrade':
      return 'read'
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
    case 'http2-settings':
    case 'forwarded':
      return 'drop'
    default:
      if (name.includes('_')) return disposalOfUnderscored(name)
      return name.startsWith('x-forwarded-') ? 'drop' : 'keep'
  }
}

/** Servers that pass fields as environment variables cannot tell `_` from `-`. */
function disposalOfUnderscored(name: string): 'keep' | 'drop' | 'fault' {
  const plain = name.replaceAll('_', '-')
  if (plain === 'content-length' || plain === 'transfer-encoding') return 'fault'
  return plain.startsWith('x-forwarded-') ? 'drop' : 'keep'
}

/** False when a field that may stand once stands twice. */
function take(fields: RequestFields, name: string, value: string): boolean {
  switch (name) {
    case 'host':
      if (fields.host !== undefined) return false
      fields.host = value
      return true
    case 'content-length':
      if (fields.length !== undefined) return false
      fields.length = value
      return true
    case 'transfer-encoding':
      if (fields.coding !== undefined) return false
      fields.coding = value
      return true
    case 'connection':
      fields.connection = fields.connection === undefined ? value : `${fields.connection},${value}`
      return true
    default:
      fields.upgrade = fields.upgrade === undefined ? value : `${fields.upgrade}, ${value}`
      return true
  }
}
