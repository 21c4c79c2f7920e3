import type { ServerResponse } from 'node:http'
import type { WebhookQuestion, PrometheusQuestion } from '../../src/core/gate.ts'
import { approvalGate } from '../../src/drivers/gates/approval/approval-gate.ts'
import { commandGate } from '../../src/drivers/gates/command/command-gate.ts'
import { prometheusGate } from '../../src/drivers/gates/prometheus/prometheus-gate.ts'
import { webhookGate } from '../../src/drivers/gates/webhook/webhook-gate.ts'
import { windowGate } from '../../src/drivers/gates/window/window-gate.ts'
import { answeringServer } from '../support/answering-server.ts'
import { itIsAGate, SECRET } from './gate.ts'

const command = (run: string) => () => ({ kind: 'command', run }) as const

itIsAGate('a command', {
  gate: commandGate,
  yes: command('true'),
  no: command('echo it is broken; exit 1'),
  silent: command('sleep 600'),
  nonsense: {
    'a command that is not there': command('no-such-program'),
    'a command that may not be run': command('/dev/null'),
    'a command that was killed': command('echo $TOKEN; kill -KILL $$'),
  },
})

const webhook =
  (answer: (answer: ServerResponse) => void) => async (): Promise<WebhookQuestion> => {
    const { url } = await answeringServer(answer)
    return { kind: 'webhook', url: `${url}/${SECRET}`, headers: { authorization: SECRET } }
  }

itIsAGate('a webhook', {
  gate: webhookGate,
  yes: webhook((answer) => answer.end('{"verdict":"yes"}')),
  no: webhook((answer) => answer.end('{"verdict":"no","why":"the queue grows"}')),
  silent: webhook(() => undefined),
  nonsense: {
    'a verdict that is none': webhook((answer) =>
      answer.end(`{"verdict":"perhaps","${SECRET}":1}`),
    ),
    'half a body': webhook((answer) => answer.end('{"verdict":')),
    'a broken server': webhook((answer) => answer.writeHead(503).end(SECRET)),
    'a server that hangs up': webhook((answer) => answer.destroy()),
    'a page that is a redirect': webhook((answer) =>
      answer.writeHead(303, { location: '/login' }).end(),
    ),
    'an endless answer': webhook((answer) => answer.end('x'.repeat(70_000))),
    'nobody there': () => ({ kind: 'webhook', url: 'http://127.0.0.1:1/', headers: {} }),
  },
})

const found =
  (body: string, status = 200) =>
  async (): Promise<PrometheusQuestion> => {
    const { url } = await answeringServer((answer) => answer.writeHead(status).end(body))
    return { kind: 'prometheus', url, headers: {}, query: 'up', max: 0.01 }
  }
const vector = (...values: readonly string[]) => {
  const result = values.map((value) => ({ metric: {}, value: [1_700_000_000.1, value] }))
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } })
}

itIsAGate('a Prometheus query', {
  gate: prometheusGate,
  yes: found(vector('0.01')),
  no: found(vector('0.011')),
  silent: async () => {
    const { url } = await answeringServer(() => undefined)
    return { kind: 'prometheus', url, headers: {}, query: 'up', max: 1 }
  },
  nonsense: {
    'no series': found(vector()),
    NaN: found(vector('NaN')),
    'two series': found(vector('0', '0')),
    'a range': found('{"status":"success","data":{"resultType":"matrix","result":[]}}'),
    'a query that is wrong': found('{"status":"error","error":"parse error"}', 400),
    'a page': found('<html></html>'),
    'an empty answer': found(''),
    'a value without its time': found(
      '{"status":"success","data":{"resultType":"vector","result":[{"value":"1"}]}}',
    ),
  },
})

itIsAGate('the approval of a person', {
  gate: approvalGate,
  isForPeople: true,
  yes: () => ({ kind: 'approval', of: 'Ada' }),
  silent: () => ({ kind: 'approval', of: 'Ada' }),
})

itIsAGate('the calendar', {
  gate: windowGate({ now: () => Date.UTC(2026, 10, 21) }),
  yes: () => ({ kind: 'window', windows: [], freezes: [] }),
  nonsense: {
    'a window that is always frozen': () => ({
      kind: 'window',
      windows: [],
      freezes: [{ from: '2026-01-01', to: '9999-12-31', zone: 'UTC' }],
    }),
  },
})
