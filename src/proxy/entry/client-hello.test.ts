import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { connect, type ConnectionOptions } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { readClientHello } from './client-hello.ts'

/** The first flight of Node's own TLS client. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ ...options, port, host: '127.0.0.1' })
  client.on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

/** The same handshake, in records of so many bytes. */
function cut(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    const head = Buffer.from([22, 3, 1, part.length >> 8, part.length & 255])
    records.push(head, part)
  }
  return Buffer.concat(records)
}

describe('a ClientHello', () => {
  it('names the server and the protocols, and none of it is taken', async () => {
    const hello = await helloOf({ servername: 'Shop.Example', ALPNProtocols: ['h2', 'http/1.1'] })
    const value = { serverName: 'shop.example', protocols: ['h2', 'http/1.1'] }
    expect(readClientHello(hello)).toEqual({ value, length: 0 })
    expect(readClientHello(cut(hello, 100))).toEqual({ value, length: 0 })
    expect(readClientHello(Buffer.concat([hello, Buffer.from('more')]))).toEqual({
      value,
      length: 0,
    })
  })

  it('may name nobody', async () => {
    const hello = await helloOf({ maxVersion: 'TLSv1.2' })
    expect(readClientHello(hello)).toEqual({ value: { protocols: [] }, length: 0 })
  })

  it('is not whole before its last byte', async () => {
    const hello = await helloOf({ servername: 'shop.example' })
    for (let length = 0; length < hello.length; length += 1)
      expect(readClientHello(hello.subarray(0, length))).toBe('incomplete')
  })

  it('never throws, whatever byte of it is wrong', async () => {
    const hello = await helloOf({ servername: 'shop.example', ALPNProtocols: ['h2'] })
    for (let at = 0; at < hello.length; at += 1) {
      for (const wrong of [0, 1, 127, 255]) {
        const bytes = Buffer.from(hello)
        bytes[at] = wrong
        expect(() => readClientHello(bytes)).not.toThrow()
      }
    }
  })

  it.each([
    ['another record', '1503010002022a'],
    ['another message', '160301000402000000'],
    ['a record of nothing', '1603010000'],
    ['a message beyond all measure', '160301000401ffffff'],
    ['a record too short to say what it is', '16030100020100'],
  ])('is not %s', (_, hex) => {
    expect(readClientHello(Buffer.from(hex, 'hex'))).toBe('broken')
  })
})
