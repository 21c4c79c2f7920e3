import { parseContentLength } from './content-length.ts'
import { type FieldLine, newFieldLine, readFieldLine, valueOf } from './field-line.ts'

/** The fields of an answer, read once. */
export interface ResponseFields {
  length: number | undefined
  chunked: boolean
  connection: string | undefined
  keepAliveMs: number | undefined
  upgrade: string | undefined
  /** The lines to pass on as they are. */
  kept: string
}

/** Reads all lines from `at` to the end of `text`. A string says what is wrong with them. */
export function readResponseFields(text: string, at: number): ResponseFields | string {
  const fields: ResponseFields = {
    length: undefined,
    chunked: false,
    connection: undefined,
    keepAliveMs: undefined,
    upgrade: undefined,
    kept: '',
  }
  const line = newFieldLine()
  let next = at
  while (next < text.length) {
    next = readFieldLine(text, next, line)
    if (next < 0) return 'a line of the head is not a field'
    const fault = take(fields, text, line)
    if (fault) return fault
  }
  return fields
}

function take(fields: ResponseFields, text: string, line: FieldLine): string | undefined {
  switch (line.name) {
    case 'content-length':
      if (fields.length !== undefined) return 'more than one Content-Length'
      fields.length = parseContentLength(valueOf(text, line))
      return fields.length === undefined ? 'Content-Length is not one whole number' : undefined
    case 'transfer-encoding':
      if (fields.chunked) return 'more than one Transfer-Encoding'
      fields.chunked = valueOf(text, line).toLowerCase() === 'chunked'
      return fields.chunked ? undefined : 'the transfer coding is not known'
    case 'connection':
      fields.connection = joined(fields.connection, valueOf(text, line))
      return undefined
    case 'keep-alive':
      fields.keepAliveMs = keepAliveMsOf(valueOf(text, line))
      return undefined
    case 'upgrade':
      fields.upgrade = joined(fields.upgrade, valueOf(text, line))
      return undefined
    case 'proxy-connection':
    case 'te':
      return undefined
    default:
      fields.kept += text.slice(line.start, line.end + 2)
      return undefined
  }
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}

function keepAliveMsOf(value: string): number | undefined {
  const seconds = /\btimeout=([0-9]{1,9})\b/i.exec(value)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
