import { BlockList, isIP } from 'node:net'

/** Whether an address, as a socket names it, lies in one of the ranges. What is no address lies in none. */
export type InRanges = (address: string) => boolean

/**
 * Ranges in CIDR notation (RFC 4632, RFC 4291 §2.3): `192.0.2.0/24`, `2001:db8::/32`, or a single address. An IPv4
 * address is found whether it is written as itself or mapped into IPv6. Throws a RangeError that names the first text
 * that is no range.
 */
export function addressRanges(ranges: readonly string[]): InRanges {
  const list = new BlockList()
  for (const range of ranges) add(list, range)
  return (address) => {
    const plain = plainAddress(address)
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }
}

/** `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2) is `192.0.2.1`, seen through a socket that takes both. */
export function plainAddress(address: string): string {
  return address.replace(MAPPED, '')
}

const MAPPED = /^::ffff:(?=[0-9]+\.[0-9.]+$)/i

function add(list: BlockList, range: string): void {
  const [address = '', prefix, ...rest] = range.split('/')
  const plain = plainAddress(address)
  const version = isIP(plain)
  const most = version === 4 ? 32 : 128
  // The prefix of a mapped address counts the 96 bits before it too.
  const offset = plain === address ? 0 : 96
  const bits = prefix === undefined ? most : bitsOf(prefix) - offset
  if (version === 0 || rest.length > 0 || !(bits >= 0 && bits <= most))
    throw new RangeError(`"${range}" is not an address range such as 192.0.2.0/24`)
  list.addSubnet(plain, bits, version === 4 ? 'ipv4' : 'ipv6')
}

function bitsOf(prefix: string): number {
  return /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : NaN
}
