import { describe, expect, it } from 'vitest'
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts'
import { Reconnects } from './reconnects.ts'

function requestWith(lines: string): RequestHead {
  const head = parseRequestHead(`GET / HTTP/1.1\r\nHost: a\r\n${lines}`, { bodyBytes: 0 })
  if (head.kind !== 'request') throw new Error(head.reason)
  return head
}

const WEB_SOCKET = requestWith('Connection: Upgrade\r\nUpgrade: websocket\r\n')
const EVENTS = requestWith('Accept: text/event-stream\r\n')
const PAGE = requestWith('Accept: text/html\r\n')

describe('those that come back after a drain', () => {
  const draining = (reconnectsPerSecond: number) => {
    const reconnects = new Reconnects()
    reconnects.begin({ stayMs: 1000, spreadMs: 500, reconnectsPerSecond }, 2, 10_000)
    return reconnects
  }

  it('are WebSockets and event streams, while others are closed and a little after', () => {
    const reconnects = draining(100)
    for (const head of [WEB_SOCKET, EVENTS]) {
      expect(reconnects.concerns(head, 10_999)).toBe(false)
      expect(reconnects.concerns(head, 11_000)).toBe(true)
      expect(reconnects.concerns(head, 21_500)).toBe(true)
      expect(reconnects.concerns(head, 21_501)).toBe(false)
    }
    expect(reconnects.concerns(PAGE, 11_000)).toBe(false)
    expect(reconnects.expected(10_000)).toBe(true)
    expect(reconnects.expected(21_501)).toBe(false)
  })

  it('share the rate among the workers', () => {
    expect(draining(100).intervalMs).toBe(20)
  })

  it('are not counted without a rate', () => {
    const reconnects = draining(0)
    expect(reconnects.expected(10_000)).toBe(false)
    expect(reconnects.concerns(WEB_SOCKET, 11_000)).toBe(false)
  })
})
