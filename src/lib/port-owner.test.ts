import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { portOwner } from './port-owner.ts'

it.runIf(process.platform === 'linux')('names the process that listens on a port', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(portOwner(port)?.pid).toBe(process.pid)
  server.close()
})

it('names nobody for a free port', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  expect(portOwner(port)).toBeUndefined()
})
