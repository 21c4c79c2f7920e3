import { expect, it } from 'vitest'
import { occasion } from '../../../../test/contract/gate.ts'
import { answeringServer } from '../../../../test/support/answering-server.ts'
import { prometheusGate } from './prometheus-gate.ts'

const success = (resultType: string, result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType, result } })

const ask = async (body: string, limits = {}, path = '') => {
  const { url, asked } = await answeringServer((answer) => answer.end(body))
  const query = 'errors{service="{{service}}",release="{{release}}",not="{{from}}"}'
  const question = { kind: 'prometheus', url: url + path, headers: {}, query, ...limits } as const
  return { answer: await prometheusGate.ask(question, occasion, {}), asked }
}

it('asks an instant query with the names filled in', async () => {
  const { asked } = await ask(success('scalar', [1, '1']), {}, '/prom/')
  const { pathname, searchParams } = new URL(asked[0]?.path ?? '', 'http://host')
  expect(pathname).toBe('/prom/api/v1/query')
  expect(searchParams.get('query')).toBe('errors{service="shop",release="v2",not="v1"}')
})

it.each([
  ['0.5', { max: 0.5 }, { kind: 'yes', note: 'the query is 0.5' }],
  ['0.5', { min: 0.5 }, { kind: 'yes', note: 'the query is 0.5' }],
  ['0.51', { max: 0.5 }, { kind: 'no', why: 'the query is 0.51, more than 0.5' }],
  ['0.49', { min: 0.5 }, { kind: 'no', why: 'the query is 0.49, less than 0.5' }],
  ['+Inf', { max: 0.5 }, { kind: 'no', why: 'the query is Infinity, more than 0.5' }],
  ['-Inf', { max: 0.5 }, { kind: 'yes', note: 'the query is -Infinity' }],
])('holds %s to its limits', async (value, limits, expected) => {
  expect((await ask(success('scalar', [1, value]), limits)).answer).toEqual(expected)
})

it.each([
  ['nothing', success('vector', []), 'the query found nothing'],
  ['NaN', success('vector', [{ value: [1, 'NaN'] }]), 'the query is NaN'],
  [
    'many series',
    success('vector', [{ value: [1, '1'] }, { value: [1, '2'] }, { value: [1, '3'] }]),
    'the query found 3 series: make it one, with sum() perhaps',
  ],
  ['a range', success('matrix', []), 'the query gives a matrix, not a number'],
  ['an error', '{"status":"error","error":"parse error"}', 'the query failed: parse error'],
  ['a page', '<html>', 'not what Prometheus answers'],
  ['null', 'null', 'not what Prometheus answers'],
])('says what came when it is %s', async (_, body, what) => {
  const { answer } = await ask(body, { max: 1 })
  expect(answer).toMatchObject({ kind: 'none', why: expect.stringContaining(what) as string })
})
