/** Where mail is handed in, and as whom. */
export interface MailServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte. */
  readonly isSecure: boolean
  readonly isLoopback: boolean
  readonly login?: { readonly user: string; readonly pass: string }
}

/** Submission with TLS, and with STARTTLS (RFC 8314 §3.3, RFC 6409 §3.1). */
const PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 }
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/

/** Reads `smtps://user:password@host:port`. Nothing but that is ever asked for: no MX record, no list of known services. */
export function mailServer(url: string): MailServer {
  const { protocol, hostname, port, username, password } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const login = { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  return {
    host,
    port: Number(port) || (PORTS[protocol] ?? 0),
    isSecure: protocol === 'smtps:',
    isLoopback: LOOPBACK.test(host),
    ...(username !== '' && { login }),
  }
}
