import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { HandleWire } from './handle-wire.ts'
import { SocketWire } from './socket-wire.ts'
import { handleOf, streamInternals } from './stream-internals.ts'
import type { Wire, WireListener } from './wire.ts'

type Take = (socket: Socket, listener: WireListener) => Wire

const takes: Readonly<Record<string, Take>> = {
  'a socket by its handle': (socket, listener) =>
    new HandleWire(socket, handleOf(socket)!, streamInternals!, listener),
  'a socket by its public interface': (socket, listener) => new SocketWire(socket, listener),
}

/** Keeps what it hears. */
class Heard implements WireListener {
  readonly parts: Buffer[] = []
  ended = 0
  drained = 0
  closed: (string | undefined)[] = []
  wireBytes(buffer: Buffer, length: number): void {
    this.parts.push(Buffer.from(buffer.subarray(0, length)))
  }
  wireEnd(): void {
    this.ended += 1
  }
  wireDrained(): void {
    this.drained += 1
  }
  wireClosed(code: string | undefined): void {
    this.closed.push(code)
  }
  get text(): string {
    return Buffer.concat(this.parts).toString()
  }
}

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A connection: the side that is accepted, and the one a test speaks from. */
async function pair(): Promise<{ accepted: Socket; other: Socket }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const other = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [accepted] = (await once(server, 'connection')) as [Socket]
  other.on('error', () => undefined)
  open.push(() => {
    accepted.destroy()
    other.destroy()
    server.close()
  })
  return { accepted, other }
}

describe.for(Object.entries(takes))('%s', ([, take]) => {
  it('hears what comes, and says what it is given, text and bytes in their order', async () => {
    const { accepted, other } = await pair()
    const heard = new Heard()
    const wire = take(accepted, heard)
    other.write('hello')
    await expect.poll(() => heard.text).toBe('hello')
    const got: Buffer[] = []
    other.on('data', (bytes: Buffer) => got.push(bytes))
    wire.write('caf\u00e9 ')
    wire.writeBytes(Buffer.from('small '))
    wire.writeBytes(Buffer.alloc(40_000, 'L'))
    await expect.poll(() => Buffer.concat(got).length).toBe(5 + 6 + 40_000)
    expect(Buffer.concat(got).toString('latin1').slice(0, 13)).toBe('caf\u00e9 small LL')
  })

  it('has said what it was given before it is destroyed', async () => {
    const { accepted, other } = await pair()
    const wire = take(accepted, new Heard())
    wire.write('last words')
    wire.destroy()
    const [got] = (await once(other, 'data')) as [Buffer]
    expect(got.toString()).toBe('last words')
  })

  it('speaks with all who were written to in one turn of the loop, many or few', async () => {
    const pairs = await Promise.all(Array.from({ length: 100 }, () => pair()))
    const got = pairs.map(({ other }) => once(other, 'data') as Promise<[Buffer]>)
    const wires = pairs.map(({ accepted }) => take(accepted, new Heard()))
    wires.forEach((wire, at) => wire.write(`${at}`))
    for (const [at, bytes] of got.entries()) expect((await bytes)[0].toString()).toBe(`${at}`)
  })

  it('keeps the order of much that is written in one turn', async () => {
    const { accepted, other } = await pair()
    const wire = take(accepted, new Heard())
    const parts = Array.from({ length: 300 }, (_, at) => `${at} `.padEnd(1_000, '.'))
    const got: Buffer[] = []
    other.on('data', (bytes: Buffer) => got.push(bytes))
    for (const part of parts) wire.write(part)
    await expect.poll(() => Buffer.concat(got).toString()).toBe(parts.join(''))
  })

  it('asks to wait while the other side does not read, and tells when all has left', async () => {
    const { accepted, other } = await pair()
    const heard = new Heard()
    const wire = take(accepted, heard)
    let sent = 0
    while (wire.writeBytes(Buffer.alloc(100_000, 'x'))) sent += 100_000
    sent += 100_000
    expect(wire.blocked).toBe(true)
    expect(heard.drained).toBe(0)
    let got = 0
    other.on('data', (bytes: Buffer) => (got += bytes.length))
    await expect.poll(() => heard.drained).toBe(1)
    expect(wire.blocked).toBe(false)
    await expect.poll(() => got).toBe(sent)
  })

  it('hears nothing while it is paused, and loses nothing', async () => {
    const { accepted, other } = await pair()
    const heard = new Heard()
    const wire = take(accepted, heard)
    wire.pause()
    other.write('later')
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.parts).toEqual([])
    wire.resume()
    await expect.poll(() => heard.text).toBe('later')
  })

  it('hears the other side end, may still speak, and is gone when both have ended', async () => {
    const { accepted, other } = await pair()
    const heard = new Heard()
    const wire = take(accepted, heard)
    other.end('last')
    await expect.poll(() => heard.ended).toBe(1)
    expect(heard.text).toBe('last')
    wire.write('answer')
    wire.end()
    const [got] = (await once(other, 'data')) as [Buffer]
    expect(got.toString()).toBe('answer')
    await expect.poll(() => heard.closed).toEqual([undefined])
  })

  it('tells once when it is gone, be it destroyed here or broken there', async () => {
    const first = await pair()
    const heard = new Heard()
    take(first.accepted, heard).destroy()
    await expect.poll(() => heard.closed).toEqual([undefined])
    const second = await pair()
    const broken = new Heard()
    take(second.accepted, broken)
    second.other.resetAndDestroy()
    await expect.poll(() => broken.closed).toEqual(['ECONNRESET'])
  })

  it('resets so that the other side cannot take it for a good end', async () => {
    const { accepted, other } = await pair()
    const wire = take(accepted, new Heard())
    other.resume()
    wire.reset()
    await expect(once(other, 'end')).rejects.toThrow('ECONNRESET')
  })

  it.for(Object.entries(takes))(
    'relays to %s whatever the sizes and however slow the reader, and changes no byte',
    async ([, takeOut]) => {
      const from = await pair()
      const to = await pair()
      const listener = new Relay()
      listener.source = take(from.accepted, listener)
      listener.target = takeOut(to.accepted, new Wake(listener))
      const sent = createHash('sha256')
      const got = createHash('sha256')
      let bytes = 0
      to.other.on('data', (part: Buffer) => {
        bytes += part.length
        got.update(part)
        // A reader that stops now and then lets writes wait in the middle.
        if (part[0]! % 8 === 0) {
          to.other.pause()
          void setTimeout(1).then(() => to.other.resume())
        }
      })
      let total = 0
      for (const size of [
        1, 100, 16_384, 16_385, 65_536, 65_537, 1_000_000, 3, 8_000_000, 20_000,
      ]) {
        const part = randomBytes(size)
        sent.update(part)
        total += size
        if (!from.other.write(part)) await once(from.other, 'drain')
      }
      await expect.poll(() => bytes, { timeout: 10_000 }).toBe(total)
      expect(got.digest('hex')).toBe(sent.digest('hex'))
    },
  )
})

/** Passes on what it hears and waits when it is asked to, as the data plane does. */
class Relay extends Heard {
  source: Wire | undefined
  target: Wire | undefined
  override wireBytes(buffer: Buffer, length: number): void {
    if (!this.target!.writeBytes(buffer.subarray(0, length))) this.source!.pause()
  }
}

class Wake extends Heard {
  readonly #relay: Relay
  constructor(relay: Relay) {
    super()
    this.#relay = relay
  }
  override wireDrained(): void {
    this.#relay.source!.resume()
  }
}
