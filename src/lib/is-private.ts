import { addressRanges } from './address-ranges.ts'

/** Whether an address is of no public network: loopback, link-local, RFC 1918, RFC 4193, RFC 6598. */
export const isPrivate: (address: string) => boolean = addressRanges([
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '0.0.0.0/8',
  '::1',
  '::',
  'fc00::/7',
  'fe80::/10',
])
