import type { InstanceAddress } from '../../src/core/address.ts'
import type { Route } from '../../src/core/route.ts'
import { benchRoute } from '../bench-route.ts'

const SERVICES = 1_000
const INSTANCES = 10

/** 1,000 services with 10 instances each. Each listens on a loopback address of its own, on the same port. */
export function manyRoutes(port: number, address: InstanceAddress): readonly Route[] {
  return Array.from({ length: SERVICES }, (_, index) => {
    const service = `service-${index}`
    const host = `127.1.${index >> 8}.${index & 255}`
    const instances = Array.from({ length: INSTANCES }, (_slot, slot) => ({
      id: `${service}.v1.${slot}`,
      release: 'v1',
      address,
      state: 'serving' as const,
      generation: 'g1',
    }))
    return benchRoute(service, { host, port }, instances)
  })
}
