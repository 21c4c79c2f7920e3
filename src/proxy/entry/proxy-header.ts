import { isIPv4, isIPv6 } from 'node:net'
import { plainAddress } from '../../lib/address-ranges.ts'
import type { Peer } from './peer.ts'
import type { First } from './read-first.ts'

/** Who is told to be there; nothing when the header tells of no one: the connection is then the sender's own. */
export type Told = Partial<Pick<Peer, 'address' | 'port' | 'localAddress' | 'localPort'>>

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const PREFIX = Buffer.from('PROXY ', 'latin1')
/** The longest line of version 1, its end included. */
const LINE_BYTES = 107
/** Addresses and extensions of version 2; the longest that is known to be sent has some hundred bytes. */
const MOST_BYTES = 4096
const FIXED_BYTES = 16
const LOCAL = 0x20
const PROXY = 0x21
const UNSPECIFIED = 0x00
const TCP4 = 0x11
const TCP6 = 0x21
const UNIX_STREAM = 0x31

/**
 * The header that a connection begins with, of version 1 or 2 of the PROXY protocol
 * (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt). Extensions of version 2 are skipped.
 */
export function readProxyHeader(bytes: Buffer): First<Told> {
  if (startsLike(bytes, SIGNATURE)) return readBinary(bytes)
  if (startsLike(bytes, PREFIX)) return readLine(bytes)
  return 'broken'
}

/** As far as it has come. */
function startsLike(bytes: Buffer, wanted: Buffer): boolean {
  const length = Math.min(bytes.length, wanted.length)
  return bytes.compare(wanted, 0, length, 0, length) === 0
}

/** §2.1: `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443`, with single spaces. */
function readLine(bytes: Buffer): First<Told> {
  const end = bytes.subarray(0, LINE_BYTES).indexOf('\r\n')
  if (end < 0) return bytes.length < LINE_BYTES ? 'incomplete' : 'broken'
  const [, family, ...ends] = bytes.toString('latin1', 0, end).split(' ')
  if (family === 'UNKNOWN') return { value: {}, length: end + 2 }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  const told = isAddress && toldBy(ends, isAddress)
  return told ? { value: told, length: end + 2 } : 'broken'
}

function toldBy(ends: readonly string[], isAddress: (text: string) => boolean): Told | undefined {
  const [from = '', to = '', fromPort = '', toPort = ''] = ends
  if (ends.length !== 4 || !isAddress(from) || !isAddress(to)) return undefined
  if (!isPort(fromPort) || !isPort(toPort)) return undefined
  return told(from, to, Number(fromPort), Number(toPort))
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65_535
}

/** §2.2. */
function readBinary(bytes: Buffer): First<Told> {
  if (bytes.length < FIXED_BYTES) return 'incomplete'
  const length = bytes.readUInt16BE(14)
  if (length > MOST_BYTES) return 'broken'
  if (bytes.length < FIXED_BYTES + length) return 'incomplete'
  const value = binaryTold(bytes, bytes.subarray(FIXED_BYTES, FIXED_BYTES + length))
  return value ? { value, length: FIXED_BYTES + length } : 'broken'
}

function binaryTold(head: Buffer, block: Buffer): Told | undefined {
  if (head[12] === LOCAL) return {}
  if (head[12] !== PROXY) return undefined
  switch (head[13]) {
    case UNSPECIFIED:
    case UNIX_STREAM:
      return {}
    case TCP4:
      return addressesIn(block, 4, dotted)
    case TCP6:
      return addressesIn(block, 16, grouped)
    default:
      return undefined
  }
}

function addressesIn(
  block: Buffer,
  size: number,
  written: (bytes: Buffer) => string,
): Told | undefined {
  if (block.length < 2 * size + 4) return undefined
  const [from, to] = [block.subarray(0, size), block.subarray(size, 2 * size)]
  const [fromPort, toPort] = [block.readUInt16BE(2 * size), block.readUInt16BE(2 * size + 2)]
  return told(written(from), written(to), fromPort, toPort)
}

function told(from: string, to: string, port: number, localPort: number): Told {
  return { address: plainAddress(from), port, localAddress: plainAddress(to), localPort }
}

function dotted(bytes: Buffer): string {
  return bytes.join('.')
}

/** In the short form of RFC 5952, by which everybody knows the address. */
function grouped(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16))
  const { hostname } = new URL(`http://[${groups.join(':')}]`)
  const address = hostname.slice(1, -1)
  // A URL writes a mapped address in hexadecimal.
  return address.startsWith('::ffff:') ? `::ffff:${dotted(bytes.subarray(12))}` : address
}
