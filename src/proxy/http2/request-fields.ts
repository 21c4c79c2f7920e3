import type { Framing } from '../http1/body-framing.ts'
import { parseContentLength } from '../http1/content-length.ts'
import { fieldIn } from '../routing/field-in.ts'
import { fieldPairs } from './field-pairs.ts'

/** A request as HTTP/2 asks it. */
export interface RequestFields {
  /** Names and values in turn. */
  readonly pairs: string[]
  /** How its body is framed where it comes from. */
  readonly framing: Framing
}

/** Reads a head that was written for an instance of HTTP/1.1. The proxy takes trailers, whoever asks. */
export function requestFields(head: string): RequestFields {
  const end = head.indexOf('\r\n')
  const [method = '', path = ''] = head.slice(0, end).split(' ')
  const lines = head.slice(end + 2, -2)
  const pairs = fieldPairs(lines)
  const at = pairs.indexOf('host')
  const [, authority = ''] = pairs.splice(at, 2)
  const pseudo = [':method', method, ':scheme', 'http', ':authority', authority, ':path', path]
  return {
    pairs: [...pseudo, ...pairs, 'te', 'trailers'],
    framing: framingIn(lines),
  }
}

function framingIn(lines: string): Framing {
  if (fieldIn(lines, 'transfer-encoding') !== undefined) return { kind: 'chunked' }
  const length = parseContentLength(fieldIn(lines, 'content-length') ?? '')
  return length === undefined ? { kind: 'none' } : { kind: 'length', length }
}
