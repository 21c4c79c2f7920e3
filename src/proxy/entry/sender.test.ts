import { describe, expect, it } from 'vitest'
import { addressRanges } from '../../lib/address-ranges.ts'
import { readClaims } from './claims.ts'
import type { Peer } from './peer.ts'
import { Sender } from './sender.ts'

const PEER: Peer = {
  address: '10.0.0.1',
  port: 4000,
  localAddress: '10.0.0.9',
  localPort: 8080,
  secure: false,
}
const trusted = addressRanges(['10.0.0.0/8', '2001:db8::/32'])

function seen(peer: Partial<Peer>, ...lines: string[]) {
  const text = lines.map((line) => `${line}\r\n`).join('')
  const claims = text === '' ? undefined : readClaims(text)
  const sender = new Sender({ ...PEER, ...peer }, trusted).of(claims)
  const told = sender.forwarded('shop.example').split('\r\n')
  return { sender, told, address: sender.address }
}

describe('what an instance is told of who asks', () => {
  it('is the other end of the connection, in both notations', () => {
    expect(seen({ address: '192.0.2.7', secure: true }).told).toEqual([
      'X-Forwarded-For: 192.0.2.7',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 8080',
      'Forwarded: for=192.0.2.7;host="shop.example";proto=https',
      '',
    ])
  })

  it('is not what a stranger claims', () => {
    const { told, sender } = seen(
      { address: '192.0.2.7' },
      'X-Forwarded-For: 10.0.0.3',
      'Forwarded: for=10.0.0.3;proto=https',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: evil.example',
    )
    expect(told[0]).toBe('X-Forwarded-For: 192.0.2.7')
    expect(told.join()).not.toContain('evil')
    expect(sender).toMatchObject({ address: '192.0.2.7', secure: false })
  })

  it('is appended to what a trusted peer says', () => {
    const { told, sender } = seen(
      {},
      'X-Forwarded-For: 203.0.113.5, 192.0.2.7',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: www.example',
      'X-Forwarded-Port: 443',
    )
    expect(told).toEqual([
      'X-Forwarded-For: 203.0.113.5, 192.0.2.7, 10.0.0.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: www.example',
      'X-Forwarded-Port: 443',
      'Forwarded: for=203.0.113.5, for=192.0.2.7, for=10.0.0.1;host="www.example";proto=https',
      '',
    ])
    expect(sender).toMatchObject({ address: '192.0.2.7', secure: true })
  })

  it('is read from Forwarded alone as well', () => {
    const { told, address } = seen(
      {},
      'Forwarded: for="[2001:db8::9]:80", For=192.0.2.7;proto=HTTPS',
    )
    expect(told[0]).toBe('X-Forwarded-For: 2001:db8::9, 192.0.2.7, 10.0.0.1')
    expect(told[1]).toBe('X-Forwarded-Proto: https')
    expect(told[4]).toContain('for="[2001:db8::9]", for=192.0.2.7, for=10.0.0.1')
    expect(address).toBe('192.0.2.7')
  })
})

describe('the client', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7, 10.2.2.2', '192.0.2.7'],
    ['203.0.113.5, 192.0.2.7, 10.2.2.2', '192.0.2.7'],
    ['10.3.3.3, 10.2.2.2', '10.3.3.3'],
    ['192.0.2.7:4711, 10.2.2.2:80', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db9::1', '2001:db9::1'],
    ['192.0.2.7, unknown', '10.0.0.1'],
    ['192.0.2.7, _hidden, 10.2.2.2', '10.2.2.2'],
    ['192.0.2.7, <script>', '10.0.0.1'],
    [',, ,', '10.0.0.1'],
  ])('behind a trusted peer that says %j is %s', (said, address) => {
    expect(seen({}, `X-Forwarded-For: ${said}`).address).toBe(address)
  })

  it('is spread over fields as over one', () => {
    const { told, address } = seen({}, 'X-Forwarded-For: 203.0.113.5', 'X-Forwarded-For: 192.0.2.7')
    expect(told[0]).toBe('X-Forwarded-For: 203.0.113.5, 192.0.2.7, 10.0.0.1')
    expect(address).toBe('192.0.2.7')
  })

  it('does not get a host or a protocol past us that is none', () => {
    const { told } = seen(
      {},
      'X-Forwarded-Host: a"b',
      'X-Forwarded-Proto: ftp',
      'X-Forwarded-Port: x',
    )
    expect(told).toEqual(seen({}).told)
  })
})

it('keeps a connection to the hosts its certificate is for, unless a trusted gateway has made it', () => {
  const names = ['shop.example', '*.shop.example']
  const { sender } = seen({ names, address: '203.0.113.9' })
  expect(sender.covers('shop.example:8443')).toBe(true)
  expect(sender.covers('a.shop.example')).toBe(true)
  expect(sender.covers('other.example')).toBe(false)
  expect(sender.covers('shop.example:8443')).toBe(true)
  expect(seen({}).sender.covers('other.example')).toBe(true)
  expect(seen({ names, address: '10.1.2.3' }).sender.covers('other.example')).toBe(true)
})
