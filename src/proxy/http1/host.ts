const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/** A host that every party reads the same way: a name or an address, and perhaps a port (RFC 9110 §7.2). */
export function isHost(value: string): boolean {
  return HOST.test(value)
}
