import { expect, it } from 'vitest'
import { occasion } from '../../../../test/contract/gate.ts'
import { answeringServer } from '../../../../test/support/answering-server.ts'
import { webhookGate } from './webhook-gate.ts'

const answers = async (status: number, body = '') => {
  const { url } = await answeringServer((answer) => answer.writeHead(status).end(body))
  const question = { kind: 'webhook', url, headers: {} } as const
  const answer = await webhookGate.ask(question, occasion, { timeoutMs: 10_000 })
  return { ...answer, url }
}

it('tells the server what it is asked about', async () => {
  const { url, asked } = await answeringServer((answer) => answer.end())
  await webhookGate.ask({ kind: 'webhook', url, headers: { 'x-key': 'k' } }, occasion, {})
  expect(asked).toMatchObject([
    { method: 'POST', headers: { 'x-key': 'k', 'content-type': 'application/json' } },
  ])
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    service: 'shop',
    release: 'v2',
    from: 'v1',
    rollout: 7,
    step: 'before 25%',
  })
})

it.each([
  [200, 'ok'],
  [204, ''],
  [200, '{"ok":true}'],
  [200, '{"verdict":"yes"}'],
])('takes %i %s for yes', async (status, body) => {
  expect(await answers(status, body)).toMatchObject({ kind: 'yes' })
})

it('takes a verdict of no for no, with its reason', async () => {
  expect(await answers(200, '{"verdict":"no","why":"the queue\\n grows"}')).toMatchObject({
    kind: 'no',
    why: 'the queue grows',
  })
})

it.each([400, 403, 404, 422])('takes %i for no', async (status) => {
  expect(await answers(status)).toMatchObject({
    kind: 'no',
    why: expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}$`)) as string,
  })
})

it.each([408, 425, 429, 500, 502, 304])('takes %i for no answer', async (status) => {
  expect(await answers(status)).toMatchObject({ kind: 'none' })
})

it('never tells the path, the query or the fields of a request, even when the server does', async () => {
  const { url } = await answeringServer((answer, { path, headers }) =>
    answer.end(JSON.stringify({ verdict: 'no', why: `${path} ${headers.authorization ?? ''}` })),
  )
  const question = {
    kind: 'webhook',
    url: `${url}/hooks/abcdef123?token=ghijkl456`,
    headers: { authorization: 'Bearer mnopqr789' },
  } as const
  const answer = JSON.stringify(await webhookGate.ask(question, occasion, {}))
  for (const secret of ['abcdef123', 'ghijkl456', 'mnopqr789']) expect(answer).not.toContain(secret)
})
