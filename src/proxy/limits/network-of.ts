const GROUPS = 8

/**
 * Whom an address belongs to: an IPv4 address is one client, but of IPv6 each client has at least a /64 for itself
 * (RFC 6177), and could come from another address of it each time.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [before = '', after] = address.split('::')
  const left = groupsIn(before)
  const right = groupsIn(after)
  const zeros = after === undefined ? 0 : Math.max(0, GROUPS - left.length - right.length)
  const all = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return `${all.slice(0, 4).join(':')}::/64`
}

function groupsIn(part: string | undefined): readonly string[] {
  return part === undefined || part === '' ? [] : part.split(':')
}
