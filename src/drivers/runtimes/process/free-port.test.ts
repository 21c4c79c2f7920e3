import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './free-port.ts'

const WHOLE_RANGE = Array.from({ length: 12_768 }, (_, index) => 20_000 + index)

it('finds a port one can listen on, out of the way of outgoing connections', async () => {
  const port = await freePort(new Set())
  expect(port).toBeLessThan(32_768)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

it('gives no port that is spoken for', async () => {
  await expect(freePort(new Set(WHOLE_RANGE))).rejects.toMatchObject({ code: 'no-free-port' })
})

it('gives no port that somebody listens on', async () => {
  const port = await freePort(new Set())
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const others = new Set(WHOLE_RANGE.filter((other) => other !== port))
  await expect(freePort(others)).rejects.toMatchObject({ code: 'no-free-port' })
  server.close()
})
