import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { StickyCookie } from './sticky-cookie.ts'

const KEY = randomBytes(32)
const NOW = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000
const instance = { id: 'shop.v1.0', generation: 'g1' }

const jar = (service = 'shop', forMs = 0, key = KEY) => new StickyCookie(service, key, forMs)

function given(cookie = jar(), nowMs = NOW): string {
  const ticket = { user: 'abc', instances: [cookie.tagOf(instance)] }
  return /=([^;]+)/.exec(cookie.line(ticket, 'plain', nowMs))![1]!
}

describe('a sticky cookie', () => {
  it('is known again', () => {
    expect(jar().read(given(), NOW)).toMatchObject({
      user: 'abc',
      instances: [jar().tagOf(instance)],
    })
  })

  it('remembers two instances, newest first', () => {
    const line = jar().line(
      { user: 'abc', instances: ['b'.repeat(12), 'a'.repeat(12), 'x'] },
      'plain',
      NOW,
    )
    const ticket = jar().read(/=([^;]+)/.exec(line)![1]!, NOW)
    expect(ticket?.instances).toEqual(['b'.repeat(12), 'a'.repeat(12)])
  })

  it('is ignored when any character of it was changed', () => {
    const value = given()
    for (let at = 0; at < value.length - 1; at += 1) {
      const other = value[at] === 'A' ? 'B' : 'A'
      expect(jar().read(value.slice(0, at) + other + value.slice(at + 1), NOW)).toBeUndefined()
    }
  })

  it('is ignored by another service, and under another key', () => {
    expect(jar('blog').read(given(), NOW)).toBeUndefined()
    expect(jar('shop', 0, randomBytes(32)).read(given(), NOW)).toBeUndefined()
  })

  it.each([
    '',
    '.',
    '....',
    '1....',
    'x'.repeat(5000),
    '1.a.b.c.d',
    '2.a.b.c.AAAAAAAAAAAAAAAAAAAAAA',
  ])('is ignored when it is none: %.20s', (value) => {
    expect(jar().read(value, NOW)).toBeUndefined()
  })

  it('lasts until the browser is closed, or as long as it may', () => {
    expect(jar().read(given(), NOW + 1000 * HOUR)).toBeDefined()
    const hour = jar('shop', HOUR)
    const value = given(hour)
    expect(hour.read(value, NOW + HOUR)).toBeDefined()
    expect(hour.read(value, NOW + HOUR + 1000)).toBeUndefined()
  })

  it('is old after half of its time', () => {
    const hour = jar('shop', HOUR)
    const ticket = hour.read(given(hour), NOW)!
    expect(hour.isOld(ticket, NOW + HOUR / 2)).toBe(false)
    expect(hour.isOld(ticket, NOW + HOUR / 2 + 1000)).toBe(true)
    expect(jar().isOld(ticket, NOW + HOUR)).toBe(false)
  })

  it('names an instance anew when its process is another', () => {
    const tags = [instance, { ...instance, generation: 'g2' }, { ...instance, id: 'shop.v1.1' }]
    expect(new Set(tags.map((each) => jar().tagOf(each))).size).toBe(3)
    expect(jar().tagOf(instance)).not.toContain('v1')
  })

  it('is kept from scripts and other sites, and under TLS from plain connections', () => {
    const ticket = { user: 'abc', instances: [] }
    expect(jar().line(ticket, 'plain', NOW)).toMatch(
      /^Set-Cookie: midflight-shop=1\.abc\.\.\w+\.[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax\r\n$/,
    )
    expect(jar('shop', HOUR).line(ticket, 'tls', NOW)).toMatch(
      /; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure\r\n$/,
    )
  })
})
