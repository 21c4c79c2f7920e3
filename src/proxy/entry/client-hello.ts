import type { First } from './read-first.ts'

/** What a client says before anything is decided. */
export interface ClientHello {
  /** In lower case: names do not differ by it (RFC 6066 §3), and what is looked up must not either. */
  readonly serverName?: string
  /** What it offers to speak (RFC 7301). */
  readonly protocols: readonly string[]
}

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const ALPN = 16
/** Many times what clients send, keys against quantum computers included. */
const HELLO_BYTES = 16_384
/** Version and random. */
const BEFORE_SESSION = 34

/**
 * Reads the ClientHello (RFC 8446 §4.1.2) without taking a byte of it, so that the certificate is chosen before TLS
 * begins: then no callback is asked in the midst of a handshake, and a session is only resumed under the certificate
 * it was begun with. `broken` is what no TLS begins like. OpenSSL reads it again, and finds whatever else is wrong.
 */
export function readClientHello(bytes: Buffer): First<ClientHello> {
  const message = handshakeIn(bytes)
  if (typeof message === 'string') return message
  const fields = fieldsOf(message)
  return fields ? { value: fields, length: 0 } : 'broken'
}

/** The first handshake message, out of as many records as it is cut into. */
function handshakeIn(bytes: Buffer): Buffer | 'incomplete' | 'broken' {
  const parts: Buffer[] = []
  let [at, have] = [0, 0]
  for (;;) {
    if ((at < bytes.length && bytes[at] !== HANDSHAKE) || at > HELLO_BYTES) return 'broken'
    const end = after(bytes, at + 3, 2)
    if (end < 0) return 'incomplete'
    const part = bytes.subarray(at + 5, end)
    if (part.length === 0 || (at === 0 && (part.length < 4 || part[0] !== CLIENT_HELLO)))
      return 'broken'
    parts.push(part)
    have += part.length
    at = end
    const want = 4 + (parts[0]?.readUIntBE(1, 3) ?? 0)
    if (want > HELLO_BYTES) return 'broken'
    if (have >= want) return Buffer.concat(parts).subarray(4, want)
  }
}

function fieldsOf(message: Buffer): ClientHello | undefined {
  const session = after(message, BEFORE_SESSION, 1)
  const suites = after(message, session, 2)
  const methods = after(message, suites, 1)
  if (methods < 0) return undefined
  const extensions = methods === message.length ? Buffer.alloc(0) : block(message, methods)
  return extensions && helloOf(extensions)
}

/** Where what begins `at` with its own length ends; -1 when that is beyond the message. */
function after(message: Buffer, at: number, lengthBytes: 1 | 2): number {
  if (at < 0 || at + lengthBytes > message.length) return -1
  const end = at + lengthBytes + message.readUIntBE(at, lengthBytes)
  return end > message.length ? -1 : end
}

/** What stands `at`, behind its length of two bytes. */
function block(message: Buffer, at: number): Buffer | undefined {
  const end = after(message, at, 2)
  return end < 0 ? undefined : message.subarray(at + 2, end)
}

function helloOf(extensions: Buffer): ClientHello | undefined {
  let serverName: string | undefined
  let protocols: readonly string[] = []
  for (let at = 0; at < extensions.length;) {
    const content = at + 2 > extensions.length ? undefined : block(extensions, at + 2)
    if (!content) return undefined
    const type = extensions.readUInt16BE(at)
    if (type === SERVER_NAME) serverName = nameIn(content)
    if (type === ALPN) protocols = protocolsIn(content)
    at += 4 + content.length
  }
  return { ...(serverName !== undefined && { serverName }), protocols }
}

/** A list that holds one name of type host_name. */
function nameIn(content: Buffer): string | undefined {
  const list = block(content, 0)
  const name = list?.[0] === 0 ? block(list, 1) : undefined
  return name && name.length > 0 ? name.toString('latin1').toLowerCase() : undefined
}

function protocolsIn(content: Buffer): readonly string[] {
  const list = block(content, 0) ?? Buffer.alloc(0)
  const protocols: string[] = []
  let at = 0
  for (let end = after(list, at, 1); end > 0; end = after(list, at, 1)) {
    protocols.push(list.toString('latin1', at + 1, end))
    at = end
  }
  return protocols
}
