import { describe, expect, it } from 'vitest'
import { readProxyHeader } from './proxy-header.ts'

const line = (text: string) => readProxyHeader(Buffer.from(text, 'latin1'))
const SIGNATURE = '0d0a0d0a000d0a515549540a'
const binary = (rest: string) => readProxyHeader(Buffer.from(SIGNATURE + rest, 'hex'))
const TCP4 = 'c0000201c6336402dc0401bb'

describe('version 1 of the PROXY protocol', () => {
  it('tells who is there, and leaves the rest', () => {
    expect(line('PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\nGET / HTTP/1.1\r\n')).toEqual({
      value: {
        address: '192.0.2.1',
        port: 56_324,
        localAddress: '198.51.100.2',
        localPort: 443,
      },
      length: 45,
    })
  })

  it('tells of IPv6', () => {
    expect(line('PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n')).toMatchObject({
      value: { address: '2001:db8::1', localPort: 65_535 },
    })
  })

  it.each(['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ff::1 ff::2 1 2\r\n'])(
    '%j tells of nobody',
    (text) => {
      expect(line(text)).toEqual({ value: {}, length: text.length })
    },
  )

  it.each(['P', 'PROXY', 'PROXY TCP4 192.0.2.1', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r'])(
    '%j is not whole yet',
    (text) => expect(line(text)).toBe('incomplete'),
  )

  it.each([
    'GET / HTTP/1.1\r\n',
    'proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.256 1 2\r\n',
    'PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n',
    'PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n',
    'PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY TCP6 fe80::1%eth0\r\nX: y 2001:db8::2 1 2\r\n',
    'PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'PROXY __proto__ 192.0.2.1 192.0.2.2 1 2\r\n',
    `PROXY UNKNOWN ${'x'.repeat(107)}`,
    `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`,
    '\0',
  ])('refuses %j', (text) => expect(line(text)).toBe('broken'))
})

describe('version 2 of the PROXY protocol', () => {
  it('tells who is there', () => {
    expect(binary(`2111000c${TCP4}474554`)).toEqual({
      value: {
        address: '192.0.2.1',
        port: 56_324,
        localAddress: '198.51.100.2',
        localPort: 443,
      },
      length: 28,
    })
  })

  it('tells of IPv6 in its short form', () => {
    const addresses = `20010db8${'00'.repeat(11)}01${'00'.repeat(10)}ffffc0000201`
    expect(binary(`21210024${addresses}00010002`)).toMatchObject({
      value: { address: '2001:db8::1', port: 1, localAddress: '192.0.2.1', localPort: 2 },
      length: 52,
    })
  })

  it('skips what else is told', () => {
    expect(binary(`21110013${TCP4}0500047fffffff`)).toMatchObject({ length: 35 })
  })

  it.each(['20000000', '20110000', '21000000', `2131000c${'00'.repeat(12)}`, '2000000201ff'])(
    '%s tells of nobody',
    (rest) => expect(binary(rest)).toMatchObject({ value: {} }),
  )

  it.each(['', '21', '2111000c', `2111000c${TCP4.slice(2)}`])('%j is not whole yet', (rest) =>
    expect(binary(rest)).toBe('incomplete'),
  )

  it.each([
    `1111000c${TCP4}`,
    `2211000c${TCP4}`,
    `2112000c${TCP4}`,
    `21ff000c${TCP4}`,
    `2111000b${TCP4.slice(2)}`,
    `2121000c${TCP4}`,
    '2111ffff',
    '20001001',
  ])('refuses %s', (rest) => expect(binary(rest)).toBe('broken'))
})
