import { mkdtempSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EmailSpec } from '../../src/core/notify-spec.ts'
import { emailNotifier } from '../../src/drivers/notifiers/email/email-notifier.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { certificate } from '../support/certificate.ts'
import { mailServer, refusal } from '../support/mail-server.ts'
import { itIsANotifier, notice, SECRET } from './notifier.ts'

const folder = mkdtempSync(join(tmpdir(), 'midflight-mail-'))
const files = certificate(folder, 'trusted', ['127.0.0.1'])
const foreign = certificate(folder, 'foreign', ['127.0.0.1'])
const tlsOf = ({ cert, key }: typeof files) => ({
  cert: readFileSync(cert, 'utf8'),
  key: readFileSync(key, 'utf8'),
})

const usual = getCACertificates('default')
beforeAll(() => {
  setDefaultCACertificates([...usual, readFileSync(files.cert, 'utf8')])
})
afterAll(() => {
  setDefaultCACertificates(usual)
})

const spec = (port: number, more: Partial<EmailSpec> = {}): EmailSpec => ({
  by: 'email',
  to: ['ops@shop.example'],
  from: 'midflight@shop.example',
  server: `smtp://midflight:${SECRET}@127.0.0.1:${port}`,
  on: ['undone'],
  ...more,
})
const secure = (port: number) =>
  spec(port, { server: `smtps://midflight:${SECRET}@127.0.0.1:${port}` })

/** A server that does with connections what a test wants. */
async function rawServer(meet: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket.on('error', () => undefined))
    meet(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

const refusingMail = (code: number) => async () => {
  const refuse = {
    onMailFrom: (_: unknown, __: unknown, done: (error: Error) => void) =>
      done(refusal(code, SECRET)),
  }
  return spec((await mailServer({ ...refuse, allowInsecureAuth: true })).port)
}

itIsANotifier('a mail', {
  notifier: emailNotifier,
  takes: async () => {
    const { port, mails } = await mailServer({ allowInsecureAuth: true })
    return { spec: spec(port), got: () => mails[0]?.source ?? '' }
  },
  refuses: {
    'it is to be sent later': refusingMail(451),
    'it has no place': refusingMail(452),
    'nobody listens': async () => spec(await freePort()),
    'the connection breaks': async () => spec(await rawServer((socket) => socket.destroy())),
    'the connection ends after the greeting': async () =>
      spec(await rawServer((socket) => socket.end('220 here\r\n'))),
    'it is not a mail server': async () =>
      spec(await rawServer((socket) => socket.end(`HTTP/1.1 400 ${SECRET}\r\n\r\n`))),
    'it has no TLS where TLS is required': async () =>
      spec((await mailServer()).port, { tls: 'required' }),
    'its certificate is not trusted': async () =>
      secure((await mailServer({ secure: true, ...tlsOf(foreign) })).port),
    'its certificate is not trusted after STARTTLS': async () =>
      spec((await mailServer(tlsOf(foreign))).port, { tls: 'required' }),
  },
  silent: async () => spec(await rawServer(() => undefined)),
})

describe('a mail', () => {
  it('says what happened, why and what to do, and then the rest', async () => {
    const { port, mails } = await mailServer({ secure: true, ...tlsOf(files) })
    const text = `${notice.text}. v2 is worse than v1. Mend it.`
    await emailNotifier.send(secure(port), { ...notice, text }, {})
    const [mail] = mails
    expect(mail).toMatchObject({
      from: 'midflight@shop.example',
      to: ['ops@shop.example'],
      isSecure: true,
      user: 'midflight',
    })
    const source = mail?.source ?? ''
    const end = source.indexOf('\r\n\r\n')
    const [head, body] = [source.slice(0, end), source.slice(end + 4)]
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: Midflight <midflight@shop.example>',
        'To: ops@shop.example',
        'Subject: [midflight] shop: v2 was taken back (rollout 7)',
        'Message-ID: <shop-7-undone.1790000000000@shop.example>',
        'Auto-Submitted: auto-generated',
      ]),
    )
    expect(body.replaceAll('\r\n', '\n'))
      .toBe(`shop: rollout 7 to v2 was taken back: <5 of 40> & more.

Why:      v2 is worse than v1
What now: Mend it.

Service:  shop
Release:  v2 (before it v1)
Asked by: anna (deploy)
Time:     2026-09-21 14:13:20 UTC
In full:  midflight why 7 --service shop
`)
  })

  it('is the same mail when it is sent again', async () => {
    const { port, mails } = await mailServer({ allowInsecureAuth: true })
    await emailNotifier.send(spec(port), notice, {})
    await emailNotifier.send(spec(port), notice, {})
    expect(mails.length).toBe(2)
    expect(mails[0]?.source).toBe(mails[1]?.source)
  })

  it('takes no field and no recipient from a name with line breaks', async () => {
    const { port, mails } = await mailServer({ allowInsecureAuth: true })
    const evil = 'v2\r\nBcc: eve@evil.example\r\n\r\nAll is well'
    const all = { ...notice, to: evil, service: evil, by: evil, id: evil, from: evil }
    await emailNotifier.send(spec(port), all, {})
    const [mail] = mails
    expect(mail?.to).toEqual(['ops@shop.example'])
    const head = mail?.source.split('\r\n\r\n')[0] ?? ''
    const unfolded = head.replaceAll(/\r\n\s+/g, ' ').split('\r\n')
    expect(unfolded.map((line) => line.split(':')[0])).not.toContain('Bcc')
    expect(unfolded.filter((line) => line.startsWith('Subject:'))).toHaveLength(1)
    expect(mail?.source).not.toMatch(/^All is well/m)
  })

  it('uses STARTTLS where it is required, and nothing before it', async () => {
    const { port, mails } = await mailServer(tlsOf(files))
    await emailNotifier.send(spec(port, { tls: 'required' }), notice, {})
    expect(mails).toMatchObject([{ isSecure: true, user: 'midflight' }])
  })

  it.each([550, 554, 535])('is given up when it is answered %i', async (code) => {
    const failure: unknown = await emailNotifier
      .send(await refusingMail(code)(), notice, {})
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'notice-refused',
      message: expect.stringMatching(
        new RegExp(
          `^a notice by email was refused for good: 127\\.0\\.0\\.1:\\d+ answered ${code}`,
        ),
      ) as string,
    })
    expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET)
  })

  it('is given up when the password is wrong, which nobody is told', async () => {
    const { port } = await mailServer({
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) => {
        done(refusal(535, `not ${password ?? ''}`))
      },
    })
    const failure: unknown = await emailNotifier
      .send(spec(port), notice, {})
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'notice-refused' })
    expect(String(failure)).toContain('answered 535')
    expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET)
  })

  it.each([
    [
      'from the first byte',
      async () => secure((await mailServer({ secure: true, ...tlsOf(foreign) })).port),
    ],
    [
      'after STARTTLS',
      async () => spec((await mailServer(tlsOf(foreign))).port, { tls: 'required' }),
    ],
  ])('tells what to do about a certificate that is not trusted, %s', async (_, untrusted) => {
    await expect(emailNotifier.send(await untrusted(), notice, {})).rejects.toThrow(
      /was not trusted: its certificate is signed by itself; .*NODE_EXTRA_CA_CERTS/,
    )
  })

  it('tells what to do about TLS that is missing', async () => {
    const { port } = await mailServer()
    await expect(emailNotifier.send(spec(port, { tls: 'required' }), notice, {})).rejects.toThrow(
      /has no STARTTLS; write smtps:/,
    )
  })
})
