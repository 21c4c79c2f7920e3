import { pick } from '../bench-arguments.ts'
import { MEGABYTE } from '../origin/origins.ts'
import type { Case } from './case.ts'
import { changeRate } from './change-rate.ts'
import { changeAmongMany } from './change-among-many.ts'
import { http2Case } from './http2-case.ts'
import { idleCase } from './idle-case.ts'
import { requestCase } from './request-case.ts'
import { snapshotCase } from './snapshot-case.ts'
import { transferCase } from './transfer-case.ts'
import { websocketCase } from './websocket-case.ts'

const CASES: readonly Case[] = [
  requestCase('get-tcp'),
  requestCase('get-unix', { origin: 'unix' }),
  requestCase('connect', { connection: 'fresh', perSecond: 1_000 }),
  requestCase('post-1k', { post: 1_024 }),
  requestCase('body-1m', { path: '/1m', bytes: MEGABYTE, connections: 16 }),
  transferCase('body-1g', 'download'),
  transferCase('upload-1g', 'upload'),
  requestCase('tls', { entry: 'tls' }),
  requestCase('tls-connect', { entry: 'tls', connection: 'fresh', perSecond: 100 }),
  http2Case('h2'),
  http2Case('h2c'),
  websocketCase('websocket'),
  idleCase('idle-10k', 10_000),
  snapshotCase('snapshot-1000x10'),
  changeAmongMany('change-1000x10', 'settled'),
  changeAmongMany('change-1000x10-new', 'first checks'),
  changeRate('change-rate'),
]

/** Throws `bench-arguments` for a name there is not. */
export function casesNamed(names: readonly string[]): readonly Case[] {
  return pick('case', CASES, names)
}
