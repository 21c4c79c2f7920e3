import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

/** What was found in a file: what it should hold, or what is wrong with it. Never quotes a key. */
export type Content<T> =
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'bad'; readonly message: string; readonly hint: string }

/** The first certificate of a PEM file: the service's own, before those that vouch for it. */
export function certificateIn(bytes: Buffer): Content<X509Certificate> {
  const bad = notPem('holds no certificate as PEM', '-----BEGIN CERTIFICATE-----')
  if (!bytes.includes('-----BEGIN ')) return bad
  try {
    return { kind: 'good', value: new X509Certificate(bytes) }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return bad
    throw error
  }
}

/** The private key of a PEM file. One with a passphrase is refused: nobody is there to type it. */
export function privateKeyIn(bytes: Buffer): Content<KeyObject> {
  const bad = notPem('holds no private key as PEM', '-----BEGIN PRIVATE KEY-----')
  if (!bytes.includes('-----BEGIN ')) return bad
  // RFC 7468 §11, and RFC 1421 §4.6.1.1 as older tools write it.
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(bytes.toString('latin1')))
    return {
      kind: 'bad',
      message: 'has a passphrase',
      hint: 'Give a key without one: openssl pkey -in key.pem -out plain.pem',
    }
  try {
    return { kind: 'good', value: createPrivateKey(bytes) }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return bad
    throw error
  }
}

/** MaxMind DB 2.0: the metadata begins with this mark, within the last 128 KiB. */
const MAXMIND_MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

export function maxMindIn(bytes: Buffer): Content<true> {
  if (bytes.subarray(-128 * 1024).includes(MAXMIND_MARK)) return { kind: 'good', value: true }
  return {
    kind: 'bad',
    message: 'is no MaxMind file',
    hint: 'Give a country database such as GeoLite2-Country.mmdb, or leave geo out to use what Midflight brings along.',
  }
}

function notPem(message: string, begins: string): Extract<Content<never>, { kind: 'bad' }> {
  return { kind: 'bad', message, hint: `Such a file begins with ${begins}.` }
}
