import type { ServiceSpec } from '../core/service.ts'

/** Whether its instances are asked over HTTP/1.1: only then is a request begun, and a status read, here. */
export function asksByHttp({ listen, ready, protocol }: ServiceSpec): boolean {
  if (!listen || protocol === 'http2') return false
  return (ready.check ?? 'http') === 'http'
}
