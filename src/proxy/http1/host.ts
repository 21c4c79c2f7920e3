import { isIPv6 } from 'node:net'

/** Nearly all there are, told at once. */
const PLAIN = /^[A-Za-z0-9._~-]+(?::[0-9]{1,4})?$/
const WITH_PORT = /^(?:[A-Za-z0-9._~-]+|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?$/
const LAST_PORT = 65_535

/** A host that every party reads the same way: a name or an address, and perhaps a port (RFC 9110 §7.2). */
export function isHost(value: string): boolean {
  return PLAIN.test(value) || isUnusualHost(value)
}

function isUnusualHost(value: string): boolean {
  const parts = WITH_PORT.exec(value)
  if (!parts) return false
  return (parts[1] === undefined || isIPv6(parts[1])) && Number(parts[2] ?? 0) <= LAST_PORT
}
