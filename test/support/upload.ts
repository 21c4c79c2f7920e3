import { request } from 'node:http'
import { hashOfBody } from './hashing-instance.ts'

const CHUNK = Buffer.alloc(65_536, 'midflight ')
/** Twenty megabytes. */
const CHUNKS = 320

export interface Way {
  readonly framing: 'length' | 'chunked'
  readonly expects: boolean
  readonly headers?: Record<string, string>
  readonly chunks?: number
}

/** How clients send a body. */
export const ways: readonly Way[] = [
  { framing: 'length', expects: false },
  { framing: 'length', expects: true },
  { framing: 'chunked', expects: false },
  { framing: 'chunked', expects: true },
]

/** An upload that is under way. */
export interface Upload {
  /** Bytes that are sent at first. */
  readonly first: number
  /** The status is 0 when the connection broke. */
  readonly answer: Promise<{ readonly status: number; readonly text: string }>
  /** Of the whole body. */
  hash(): string
}

/** Sends the first part, then waits for `go` before the rest. */
export function upload(port: number, way: Way, go: Promise<unknown>): Upload {
  const chunks = way.chunks ?? CHUNKS
  const asked = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/upload',
    agent: false,
    headers: {
      ...(way.framing === 'length' && { 'Content-Length': chunks * CHUNK.length }),
      ...(way.framing === 'chunked' && { 'Transfer-Encoding': 'chunked' }),
      ...(way.expects && { Expect: '100-continue' }),
      ...way.headers,
    },
  })
  const first = Math.ceil(chunks * 0.3)
  const closed = new Promise((resolve) => asked.once('close', resolve))
  const send = async () => {
    for (let sent = 0; sent < chunks && !asked.destroyed; sent += 1) {
      if (sent === first) await go
      if (!asked.write(CHUNK))
        await Promise.race([closed, new Promise((resolve) => asked.once('drain', resolve))])
    }
    asked.end()
  }
  if (way.expects) asked.flushHeaders()
  if (way.expects) asked.once('continue', () => void send())
  else void send()
  const answer = new Promise<{ status: number; text: string }>((resolve) => {
    asked.on('response', (response) => {
      let text = ''
      response.on('data', (bytes) => (text += String(bytes)))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text })
        asked.destroy()
      })
    })
    asked.on('error', (error) => resolve({ status: 0, text: String(error) }))
  })
  return {
    first: first * CHUNK.length,
    answer,
    hash: () => hashOfBody(Buffer.alloc(chunks * CHUNK.length, CHUNK)),
  }
}
