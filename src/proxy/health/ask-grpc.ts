import type { Socket } from 'node:net'
import { answerOver } from './ask-http2.ts'
import { bad, type Finding, GOOD } from './finding.ts'
import { HEALTH_QUESTION, servingStateIn } from './grpc-health.ts'
import type { Question } from './question.ts'

const PATH = '/grpc.health.v1.Health/Check'
const UNIMPLEMENTED = '12'

/** The standard health service of gRPC, over HTTP/2 in the clear. SERVING is good. */
export async function askGrpc(socket: Socket, { service }: Question): Promise<Finding> {
  const fields = {
    ':method': 'POST',
    ':path': PATH,
    ':authority': service,
    'content-type': 'application/grpc',
    te: 'trailers',
  }
  const { status, fields: heard, body } = await answerOver(socket, fields, HEALTH_QUESTION)
  if (status !== 200) return bad(`answered ${status} on ${PATH}`)
  const code = String(heard['grpc-status'])
  if (code === UNIMPLEMENTED) return bad('has no grpc.health.v1.Health service')
  if (code !== '0') return bad(`answered gRPC status ${code} on ${PATH}`)
  const state = servingStateIn(body)
  if (state === undefined) return bad(`answered no HealthCheckResponse on ${PATH}`)
  return state === 'SERVING' ? GOOD : bad(`answered ${state} on ${PATH}`)
}
