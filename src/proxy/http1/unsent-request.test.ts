import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { InstanceConnection } from './instance-connection.ts'

const QUESTION = { method: 'POST', upgrade: undefined, pass: 'bytes', headBytes: 8192 } as const
const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n'

/** An instance that notes what it reads, and never answers. */
function listening() {
  const server = createServer((socket) => {
    socket.on('data', (bytes) => (read += bytes.toString()))
    socket.on('close', () => (closed += 1))
  })
  let [read, closed] = ['', 0]
  return { server, read: () => read, closed: () => closed }
}

describe('a request on a connection that the instance has just left', () => {
  let instance: ReturnType<typeof listening>
  let gone: number
  let connection: InstanceConnection
  beforeEach(async () => {
    gone = 0
    instance = listening()
    instance.server.listen(0, '127.0.0.1')
    await once(instance.server, 'listening')
    connection = await new Promise<InstanceConnection>((resolve) => {
      const { port } = instance.server.address() as AddressInfo
      const sink: AnswerSink = {
        connected: () => resolve(made),
        connectFailed: () => undefined,
        answerHead: () => undefined,
        answerBytes: () => undefined,
        answerEnd: () => undefined,
        answerMalformed: () => undefined,
        instanceGone: () => (gone += 1),
        instanceDrained: () => undefined,
      }
      const made = new InstanceConnection({ host: '127.0.0.1', port }, sink, () => undefined)
    })
  })
  afterEach(() => void instance.server.close())

  it('was not sent when the goodbye came in the same turn of the loop', async () => {
    connection.send(QUESTION, HEAD, Buffer.from('hi'))
    expect(connection.refused).toBe(true)
    connection.wireEnd()
    expect(gone).toBe(1)
    expect(connection.refused).toBe(true)
    await expect.poll(instance.closed).toBe(1)
    expect(instance.read()).toBe('')
  })

  it('may have been read when it had left before', async () => {
    connection.send(QUESTION, HEAD, Buffer.from('hi'))
    await expect.poll(instance.read).toBe(`${HEAD}hi`)
    expect(connection.refused).toBe(false)
    connection.wireEnd()
    expect(connection.refused).toBe(false)
  })

  it('may have been read in part when more of its body was held than its head', async () => {
    connection.send(QUESTION, HEAD, Buffer.alloc(0))
    await expect.poll(instance.read).toBe(HEAD)
    connection.write(Buffer.from('hi'))
    expect(connection.refused).toBe(false)
    connection.destroy()
  })
})
