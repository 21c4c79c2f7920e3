import type { NodemailerError, SMTPTransportOptions } from 'nodemailer'
import type { Notifier } from '../../../core/notifier.ts'
import type { EmailSpec } from '../../../core/notify-spec.ts'
import { noticeRefused } from '../../../core/notice-refused.ts'
import type { Problem } from '../../../core/problem.ts'
import { undelivered } from '../../../core/undelivered.ts'
import { certificateFault } from '../../../lib/certificate-fault.ts'
import { mailOf } from './mail-of.ts'
import { mailServer } from './mail-server.ts'

/** Hands the notice to a mail server (RFC 6409), once and for each recipient alike. */
export const emailNotifier: Notifier<EmailSpec> = {
  send: async (spec, notice, { signal = new AbortController().signal }) => {
    // Loaded when there is a mail: most services send none.
    const { createTransport } = await import('nodemailer')
    signal.throwIfAborted()
    try {
      await createTransport(transportOf(spec)).sendMail({
        ...mailOf(notice, spec),
        from: { name: 'Midflight', address: spec.from },
        to: spec.to.map((address) => ({ name: '', address })),
        // Nobody's out-of-office answers it (RFC 3834 §5).
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      })
    } catch (error) {
      signal.throwIfAborted()
      throw failed(spec, error as NodemailerError)
    }
  },
}

function transportOf({ server, tls }: EmailSpec): SMTPTransportOptions {
  const { host, port, isSecure, isLoopback, login } = mailServer(server)
  const needsTls = tls === undefined ? !isLoopback : tls === 'required'
  return {
    host,
    port,
    secure: isSecure,
    requireTLS: !isSecure && needsTls,
    ignoreTLS: !needsTls,
    // A password that is set is meant to be asked for.
    ...(login && { auth: login, forceAuth: true }),
  }
}

/** A reply of 500 and more is for good (RFC 5321 §4.2.1); all else may be better in a while, TLS that is missing too. */
function failed({ server }: EmailSpec, error: NodemailerError): Problem {
  const { host, port } = mailServer(server)
  const why = `${host}:${port} ${whyOf(error)}`
  const isForGood = error.permanent === true && error.code !== 'ETLS'
  return isForGood ? noticeRefused('email', why) : undelivered('email', why)
}

/** Only numbers and names of our own: what a server says may repeat the password. */
function whyOf({ code, originalCode = code, responseCode, response, command }: NodemailerError) {
  const fault = certificateFault(originalCode ?? '')
  if (fault !== undefined) return `was not trusted: ${fault}`
  if (responseCode !== undefined && code === 'ETLS')
    return 'has no STARTTLS; write smtps://, or tls: off where nobody is in between'
  if (responseCode === undefined) return `could not be asked (${originalCode ?? 'unknown error'})`
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  return `answered ${[responseCode, enhanced, command && `to ${command}`].filter(Boolean).join(' ')}`
}
