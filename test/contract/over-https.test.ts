import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/core/asking.ts'
import { prometheusGate } from '../../src/drivers/gates/prometheus/prometheus-gate.ts'
import { webhookGate } from '../../src/drivers/gates/webhook/webhook-gate.ts'
import { slackNotifier } from '../../src/drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from '../../src/drivers/notifiers/webhook/webhook-notifier.ts'
import { type Names, sendGuarded } from '../../src/lib/send-guarded.ts'
import { answeringServer } from '../support/answering-server.ts'
import { authority, type KeyPair } from '../support/authority.ts'
import { datedCertificate, ENDED } from '../support/dated-certificate.ts'
import { occasion } from './gate.ts'
import { notice, SECRET } from './notifier.ts'

const ours = authority()
const foreign = authority()
const usual = getCACertificates('default')
/** One that was good long ago; trusted as it is. */
const outdated = ((): KeyPair => {
  const folder = mkdtempSync(join(tmpdir(), 'midflight-https-'))
  datedCertificate(folder, 'old', ENDED)
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return { cert: read('old.pem'), key: read('old.key.pem') }
})()

beforeAll(() => {
  setDefaultCACertificates([...usual, ours.cert, outdated.cert])
})
afterAll(() => {
  setDefaultCACertificates(usual)
})

const on = ['undone'] as const
const said = (answer: Answer) => ('why' in answer ? `${answer.kind}: ${answer.why}` : answer.kind)
const sent = async (sending: Promise<void>) =>
  sending.then(
    () => 'yes',
    (error: unknown) => String(error),
  )

/** Everybody who asks a server over HTTPS, and what comes of it in words. */
const WHO: Readonly<Record<string, (url: string) => Promise<string>>> = {
  'a webhook as a gate': async (url) =>
    said(await webhookGate.ask({ kind: 'webhook', url, headers: {} }, occasion, {})),
  'a Prometheus query': async (url) => {
    const question = { kind: 'prometheus', url, headers: {}, query: 'up', max: 1 } as const
    return said(await prometheusGate.ask(question, occasion, {}))
  },
  'a webhook that is told': async (url) =>
    sent(webhookNotifier({ now: () => 0 }).send({ by: 'webhook', url, on }, notice, {})),
  Slack: async (url) => sent(slackNotifier.send({ by: 'slack', url, on }, notice, {})),
}

const series = { resultType: 'vector', result: [{ metric: {}, value: [1, '0.5'] }] }
const content = (answer: ServerResponse) =>
  answer.end(JSON.stringify({ status: 'success', data: series }))

const at = async (certificate: KeyPair) => {
  const { url } = await answeringServer(content, certificate)
  return `${url}/${SECRET}`
}

describe.each(Object.entries(WHO))('%s over HTTPS', (_, ask) => {
  it('is asked where the certificate is of an authority that is trusted', async () => {
    expect(await ask(await at(ours.issue('127.0.0.1')))).toBe('yes')
  })

  it.each([
    ['of an unknown authority', () => foreign.issue('127.0.0.1'), 'NODE_EXTRA_CA_CERTS=FILE'],
    ['for another name', () => ours.issue('ci.example'), 'its certificate is for other names'],
    ['outdated', () => outdated, 'its certificate has expired'],
  ])('tells what to do when the certificate is %s, and sends nothing', async (_name, made, why) => {
    const { url, asked } = await answeringServer(content, made())
    const words = await ask(`${url}/${SECRET}`)
    expect(words).toMatch(/^none: |^Problem: a notice by/)
    expect(words).toContain(why)
    expect(words).not.toContain(SECRET)
    expect(asked).toEqual([])
  })

  it('does not follow a redirect to where nothing is encrypted', async () => {
    const plain = await answeringServer(content)
    const { url } = await answeringServer(
      (answer) => answer.writeHead(307, { location: `${plain.url}/` }).end(),
      ours.issue('127.0.0.1'),
    )
    expect(await ask(url)).toContain(`it redirects to http://127.0.0.1:${plain.port}`)
    expect(plain.asked).toEqual([])
  })

  it('does not follow a redirect to who cannot prove its name', async () => {
    const other = await answeringServer(content, foreign.issue('127.0.0.1'))
    const { url } = await answeringServer(
      (answer) => answer.writeHead(307, { location: `${other.url}/` }).end(),
      ours.issue('127.0.0.1'),
    )
    expect(await ask(url)).toContain('NODE_EXTRA_CA_CERTS')
    expect(other.asked).toEqual([])
  })
})

describe('a request to a public name over HTTPS', () => {
  const never = new AbortController().signal
  /** As if all names led here, and only this address were public. */
  const names: Names = {
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    isPrivate: (address) => address !== '127.0.0.1',
  }
  const get = { method: 'GET', headers: {}, mostBytes: 1_000 } as const

  it('goes to the address that was looked at, and believes only the name that was meant', async () => {
    const { port } = await answeringServer((answer) => answer.end('here'), ours.issue('ci.example'))
    const meant = { ...get, url: `https://ci.example:${port}/` }
    expect(await sendGuarded(meant, never, names)).toMatchObject({ body: 'here' })
    const another = { ...get, url: `https://other.example:${port}/` }
    expect(await sendGuarded(another, never, names)).toMatchObject({
      kind: 'failure',
      why: expect.stringContaining('for other names') as string,
    })
  })

  it('does not follow a redirect to a private address', async () => {
    const { port } = await answeringServer(
      (answer) => answer.writeHead(307, { location: 'https://10.0.0.7/' }).end(),
      ours.issue('ci.example'),
    )
    expect(await sendGuarded({ ...get, url: `https://ci.example:${port}/` }, never, names)).toEqual(
      {
        kind: 'failure',
        why: 'it redirects to 10.0.0.7, which is a private address',
      },
    )
  })
})

it('trusts an authority that NODE_EXTRA_CA_CERTS names', async () => {
  const { url } = await answeringServer((answer) => answer.end('here'), ours.issue('127.0.0.1'))
  const module = new URL('../../src/lib/send-guarded.ts', import.meta.url).pathname
  const script = `const { sendGuarded } = await import(${JSON.stringify(module)})
    const sending = { method: 'GET', url: ${JSON.stringify(url)}, headers: {}, mostBytes: 100 }
    console.log(JSON.stringify(await sendGuarded(sending, new AbortController().signal)))`
  const run = async (env: Record<string, string>) => {
    const options = { env: { ...process.env, ...env } }
    const words = ['--input-type=module', '-e', script]
    return JSON.parse(
      (await promisify(execFile)(process.execPath, words, options)).stdout,
    ) as unknown
  }
  expect(await run({})).toMatchObject({ kind: 'failure' })
  expect(await run({ NODE_EXTRA_CA_CERTS: ours.file })).toMatchObject({ status: 200, body: 'here' })
})
