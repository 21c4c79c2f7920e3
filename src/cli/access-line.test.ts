import { expect, it } from 'vitest'
import type { AccessRecord } from '../core/access.ts'
import { accessLine } from './access-line.ts'

const RECORD: AccessRecord = {
  at: '2026-01-02T03:04:05.678Z',
  service: 'shop',
  release: 'v2',
  instance: 'shop.v2.0',
  method: 'GET',
  path: '/cart',
  query: ['user', 'page'],
  status: 200,
  by: 'app',
  end: 'complete',
  bytesIn: 0,
  bytesOut: 512,
  firstByteMs: 2.1,
  ms: 2.5,
  client: '192.0.2.1',
  id: 'abc',
  why: 'rule 2',
  retries: 0,
  heldMs: 0,
  protocol: 'HTTP/1.1',
}

it('tells of a request in one line', () => {
  expect(accessLine(RECORD)).toBe(
    '2026-01-02T03:04:05.678Z  192.0.2.1  GET /cart?user&page  200  2.5ms  shop.v2.0, by rule 2',
  )
})

it('tells what went another way than usual', () => {
  const { at, service, method, path, bytesIn, bytesOut, ms, client, id, protocol } = RECORD
  const known = { at, service, method, path, bytesIn, bytesOut, ms, client, id, protocol }
  const end = 'complete' as const
  const line = accessLine({ ...known, end, status: 503, by: 'proxy', heldMs: 40, retries: 2 })
  expect(line).toContain('503 by the proxy')
  expect(line).toContain('nobody took it, retried 2 times, held 40ms')
  expect(accessLine({ ...RECORD, end: 'left' })).toContain('200 (left)')
})
