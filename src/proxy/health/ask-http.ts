import { request } from 'node:http'
import type { Socket } from 'node:net'
import type { Finding } from './finding.ts'
import { ofStatus } from './of-status.ts'
import type { Question } from './question.ts'

/** `GET path` over HTTP/1.1. */
export function askHttp(socket: Socket, { service, path }: Question): Promise<Finding> {
  const { promise, resolve, reject } = Promise.withResolvers<Finding>()
  const asked = request({
    createConnection: () => socket,
    path,
    headers: { host: service, 'user-agent': 'midflight-health', connection: 'close' },
  })
  asked.on('response', (answer) => {
    answer.on('error', () => undefined)
    resolve(ofStatus(answer.statusCode ?? 0, path))
  })
  asked.on('error', reject)
  asked.end()
  return promise
}
