import type { Socket } from 'node:net'
import type { Finding } from './finding.ts'

/** What is asked on a connection that is there. Rejects when that breaks off before the answer. */
export type Ask = (socket: Socket, question: Question) => Promise<Finding>

export interface Question {
  /** What the request names as its host. */
  readonly service: string
  readonly path: string
}
