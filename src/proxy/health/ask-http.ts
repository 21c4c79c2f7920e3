import type { Socket } from 'node:net'
import { headEnd } from '../http1/head-end.ts'
import { parseResponseHead } from '../http1/response-head.ts'
import { bad, type Finding } from './finding.ts'
import { ofStatus } from './of-status.ts'
import type { Question } from './question.ts'

const HEAD_BYTES = 65_536
const ASKED = { method: 'GET', upgrade: undefined }
/** What node:http would not write into a request line either. */
const UNFIT = /[^\u0021-\u00ff]/

/**
 * `GET path` over HTTP/1.1. The head of the answer is read as that of any answer is: what traffic would not get through
 * is not called ready. Not by node:http: ten thousand instances are checked in here, and it doubles the cost of a check.
 */
export function askHttp(socket: Socket, { service, path }: Question): Promise<Finding> {
  const { promise, resolve, reject } = Promise.withResolvers<Finding>()
  if (UNFIT.test(path)) return Promise.resolve(bad(`cannot be asked for the path ${path}`))
  let heard: Buffer | undefined
  socket.on('data', (bytes: Buffer) => {
    heard = heard ? Buffer.concat([heard, bytes]) : bytes
    const finding = findingIn(heard, path)
    if (finding) resolve(finding)
  })
  socket.once('error', reject)
  socket.once('close', () => resolve(bad('connection closed without an answer')))
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${service}\r\nUser-Agent: midflight-health\r\nConnection: close\r\n\r\n`,
    'latin1',
  )
  return promise
}

/** `undefined` while more must come. What an instance says ahead of its answer (1xx) is no answer. */
function findingIn(heard: Buffer, path: string): Finding | undefined {
  const end = headEnd(heard, HEAD_BYTES)
  if (end === 'incomplete') return undefined
  if (typeof end === 'string') return bad(`a fault in the head of its answer: ${end}`)
  const head = parseResponseHead(heard.toString('latin1', 0, end), ASKED)
  if (typeof head === 'string') return bad(`its answer cannot be read: ${head}`)
  if (head.status < 200) return findingIn(heard.subarray(end + 2), path)
  return ofStatus(head.status, path)
}
