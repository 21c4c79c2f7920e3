import { describe, expect, it } from 'vitest'
import { deadlineMsIn } from './client-deadline.ts'

describe('the deadline of a client', () => {
  it.each([
    ['grpc-timeout: 5S', 5000],
    ['Grpc-Timeout: 250m', 250],
    ['grpc-timeout: 2M', 120_000],
    ['X-Envoy-Expected-Rq-Timeout-Ms: 1500', 1500],
    ['Request-Timeout: 5', 5000],
    ['X-Request-Timeout: 0.5', 500],
    ['X-Request-Timeout: 3\r\ngrpc-timeout: 1S', 1000],
  ])('is what it says itself: %s', (lines, ms) => {
    expect(deadlineMsIn({ fields: `Accept: */*\r\n${lines}\r\n` })).toBe(ms)
  })

  it.each(['Accept: */*', 'grpc-timeout: soon', 'grpc-timeout: 123456789S', 'Request-Timeout: -1'])(
    'is without end when it says nothing that can be read: %s',
    (line) => {
      expect(deadlineMsIn({ fields: `${line}\r\n` })).toBe(Infinity)
    },
  )
})
