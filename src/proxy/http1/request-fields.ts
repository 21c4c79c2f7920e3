import { type FieldLine, newFieldLine, readFieldLine, valueOf } from './field-line.ts'
import { reject, type Rejection } from './rejection.ts'

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
  /** The lines that say how the request came here; nearly always none. */
  claimed: string
}

/** Reads all lines from `at` to the end of `text`, at most `most` of them. Their characters are known to be clean. */
export function readRequestFields(
  text: string,
  at: number,
  most: number,
): RequestFields | Rejection {
  const fields = noFields()
  const line = newFieldLine()
  let count = 0
  let next = at
  while (next < text.length) {
    next = readFieldLine(text, next, line)
    if (next < 0) return reject(400, 'a line is not a field', 'field')
    count += 1
    if (count > most) return reject(431, 'too many fields')
    const disposal = disposalOf(line.name)
    if (disposal === 'keep') fields.kept += text.slice(line.start, next)
    else if (disposal === 'claim') fields.claimed += text.slice(line.start, next)
    else if (disposal === 'read') {
      const fault = take(fields, text, line)
      if (fault) return fault
    } else if (disposal === 'fault')
      return reject(400, `${line.name} may be read as another field`, 'framing')
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
    claimed: '',
  }
}

function disposalOf(name: string): 'keep' | 'read' | 'claim' | 'drop' | 'fault' {
  switch (name) {
    case 'host':
    case 'content-length':
    case 'transfer-encoding':
    case 'connection':
    case 'upgrade':
    case 'expect':
      return 'read'
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
    case 'http2-settings':
      return 'drop'
    case 'via':
    case 'forwarded':
    case 'tracestate':
    case 'traceparent':
    case 'x-request-id':
    case 'max-forwards':
      return 'claim'
    default:
      if (name.includes('_')) return disposalOfUnderscored(name)
      return name.startsWith('x-forwarded-') ? 'claim' : 'keep'
  }
}

/** Servers that pass fields as environment variables cannot tell `_` from `-`, so no name with `_` gets through. */
function disposalOfUnderscored(name: string): 'drop' | 'fault' {
  const plain = name.replaceAll('_', '-')
  return plain === 'content-length' || plain === 'transfer-encoding' ? 'fault' : 'drop'
}

/** Remembers a field that says how the request is to be read. */
function take(fields: RequestFields, text: string, line: FieldLine): Rejection | undefined {
  const value = valueOf(text, line)
  switch (line.name) {
    case 'host':
      if (fields.host !== undefined) return reject(400, 'more than one Host field', 'host')
      fields.host = value
      return undefined
    case 'content-length':
      if (fields.length !== undefined) return twice('Content-Length')
      fields.length = value
      return undefined
    case 'transfer-encoding':
      if (fields.coding !== undefined) return twice('Transfer-Encoding')
      fields.coding = value
      return undefined
    case 'expect':
      if (value.toLowerCase() !== '100-continue')
        return reject(417, 'only 100-continue can be expected')
      fields.expects = true
      fields.kept += text.slice(line.start, line.end + 2)
      return undefined
    case 'connection':
      fields.connection = fields.connection === undefined ? value : `${fields.connection},${value}`
      return undefined
    default:
      fields.upgrade = fields.upgrade === undefined ? value : `${fields.upgrade}, ${value}`
      return undefined
  }
}

function twice(name: string): Rejection {
  return reject(400, `more than one ${name} field`, 'framing')
}
