import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** The names a certificate is for, in lower case; addresses among them (RFC 6125 §6.4). */
export function certificateNames(cert: string): readonly string[] {
  const { subject, subjectAltName } = new X509Certificate(cert)
  const named = [...(subjectAltName ?? '').matchAll(/(?:^|, )(?:DNS|IP Address):([^,"]+)/g)]
  // Browsers no longer look at the common name; a certificate without any other is all the same for something.
  const common = /^CN=(.+)$/m.exec(subject)?.[1]
  const names = named.length > 0 ? named.map((match) => match[1] ?? '') : common ? [common] : []
  return names.map(plainName)
}

/** Whether one of these names is this host's: a wildcard stands for exactly one label (RFC 6125 §6.4.3). */
export function coversHost(names: readonly string[], host: string): boolean {
  const name = plainName(hostWithoutPort(host))
  const wildcard = wildcardOf(name)
  return names.some((each) => each === name || each === wildcard)
}

/** `*.example.org` for `www.example.org`; nothing where no wildcard may stand. */
export function wildcardOf(name: string): string | undefined {
  const dot = name.indexOf('.')
  return dot > 0 && isIP(name) === 0 ? `*${name.slice(dot)}` : undefined
}

/** As Node writes it, which is not how others do: IPv6 in full, in capitals. */
function plainName(name: string): string {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  return isIP(plain) === 6
    ? new URL(`http://[${plain}]`).hostname.slice(1, -1)
    : plain.toLowerCase()
}

function hostWithoutPort(host: string): string {
  const bare = host.replace(/:[0-9]+$/, '')
  return bare.startsWith('[') ? bare.slice(1, -1) : bare
}
