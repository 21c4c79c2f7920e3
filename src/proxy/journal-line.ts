import { createHash } from 'node:crypto'
import type { ServiceName } from '../core/names.ts'
import type { Route } from '../core/route.ts'

/** What changed in a snapshot: the route of one service, or that it has none any more. */
export interface RouteChange {
  readonly version: number
  readonly service: ServiceName
  readonly route?: Route
}

/** A newer whole file, by its checksum, holds all up to this version: with that file only what is later counts. */
export interface Seam {
  readonly base: string
  readonly version: number
}

/** The first line of a journal: the whole file it continues, by its checksum. */
export function headerOf(base: string): string {
  return `${JSON.stringify({ format: 1, base })}\n`
}

/** One line of the journal, with its checksum in front. */
export function lineOf(entry: RouteChange | Seam): string {
  const text = JSON.stringify(entry)
  return `${checksumOf(text)} ${text}\n`
}

/** What the line tells; nothing when it is not whole. */
export function entryIn(line: string): RouteChange | Seam | undefined {
  const checksum = line.slice(0, 64)
  const text = line.slice(65)
  return text !== '' && checksumOf(text) === checksum
    ? (JSON.parse(text) as RouteChange | Seam)
    : undefined
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
