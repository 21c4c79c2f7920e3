import type { Address } from '../core/address.ts'

/** Every address of the machine: a service is there to be reached. */
const EVERYWHERE = '0.0.0.0'

/** Reads `8080`, `127.0.0.1:8080`, `[::1]:8080` or `shop.internal:80`. `undefined` when it is none of these. */
export function parseListen(value: string | number): Address | undefined {
  const match = /^(?:(?:\[([\da-fA-F:.]+)\]|([A-Za-z\d.-]*)):)?(\d{1,5})$/.exec(String(value))
  const port = Number(match?.[3])
  if (!match || port < 1 || port > 65_535) return undefined
  return { host: match[1] ?? (match[2] || EVERYWHERE), port }
}
