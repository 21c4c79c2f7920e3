import type { RequestHead } from '../http1/request-head.ts'
import { fieldIn } from '../routing/field-in.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
}

/**
 * For how many milliseconds the client of this request waits for its answer, by what it says itself; `Infinity` when it
 * does not say. Known are `grpc-timeout` (gRPC over HTTP/2, "Requests"), `X-Envoy-Expected-Rq-Timeout-Ms`, with which
 * an Envoy in front tells it, and `Request-Timeout` or `X-Request-Timeout` in seconds. The shortest counts, and what
 * cannot be read says nothing.
 */
export function deadlineMsIn({ fields }: Pick<RequestHead, 'fields'>): number {
  if (!/timeout/i.test(fields)) return Infinity
  return Math.min(
    grpcMs(fieldIn(fields, 'grpc-timeout')),
    numberIn(fieldIn(fields, 'x-envoy-expected-rq-timeout-ms')),
    1000 * numberIn(fieldIn(fields, 'request-timeout')),
    1000 * numberIn(fieldIn(fields, 'x-request-timeout')),
  )
}

function grpcMs(value: string | undefined): number {
  const [, amount, unit] = /^([0-9]{1,8})([HMSmun])$/.exec(value ?? '') ?? []
  return amount === undefined || unit === undefined
    ? Infinity
    : Number(amount) * (UNIT_MS[unit] ?? Infinity)
}

function numberIn(value: string | undefined): number {
  return /^[0-9]{1,9}(?:\.[0-9]{1,9})?$/.test(value ?? '') ? Number(value) : Infinity
}
