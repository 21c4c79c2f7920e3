import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server'
import { onTestFinished } from 'vitest'

export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly isSecure: boolean
  readonly user: unknown
  readonly source: string
}

export interface MailServerUnderTest {
  readonly port: number
  /** What it took so far. */
  readonly mails: TakenMail[]
}

/** A real mail server on 127.0.0.1 that takes all mail unless a test says otherwise; it ends with the test. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<MailServerUnderTest> {
  const mails: TakenMail[] = []
  const server = new SMTPServer({
    disableReverseLookup: true,
    authOptional: true,
    onAuth: ({ username }, _session, done) => {
      done(null, { user: username })
    },
    onData: callbackify(async (stream: SMTPServerDataStream, session: SMTPServerSession) => {
      const { envelope, secure, user } = session
      const source = await text(stream)
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
      const to = envelope.rcptTo.map(({ address }) => address)
      mails.push({ from, to, isSecure: secure, user, source })
    }),
    // Without a certificate it has no STARTTLS, so that nobody relies on the one that the package publishes.
    ...(options.key === undefined && { disabledCommands: ['STARTTLS'] }),
    ...options,
  })
  // A client that breaks the connection off is what some tests are about.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  onTestFinished(async () => new Promise((resolve) => server.close(resolve)))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

/** An error that the server answers with; its words repeat what it was sent, as some do. */
export function refusal(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode })
}
