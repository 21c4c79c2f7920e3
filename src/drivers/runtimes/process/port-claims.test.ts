import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { PortClaims } from './port-claims.ts'

const WHOLE_RANGE = Array.from({ length: 12_768 }, (_, index) => 20_000 + index)
/** All but this one are spoken for. */
const allBut = (port: number) => new Set(WHOLE_RANGE.filter((other) => other !== port))
const none = { code: 'no-free-port' }
const onLinux = it.skipIf(process.platform !== 'linux')

it('finds a port one can listen on, out of the way of outgoing connections', async () => {
  const port = await new PortClaims().claimFree(new Set())
  expect(port).toBeLessThan(32_768)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

it('gives no port that is spoken for', async () => {
  await expect(new PortClaims().claimFree(new Set(WHOLE_RANGE))).rejects.toMatchObject(none)
})

it('gives no port that somebody listens on', async () => {
  const claims = new PortClaims()
  const port = await claims.claimFree(new Set())
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  claims.letGo(port)
  await expect(claims.claimFree(allBut(port))).rejects.toMatchObject(none)
  server.close()
})

it('gives no port twice until it is let go of', async () => {
  const claims = new PortClaims()
  const port = await claims.claimFree(new Set())
  await expect(claims.claimFree(allBut(port))).rejects.toMatchObject(none)
  claims.letGo(port)
  // Of 12,768 ports it would find the one with luck alone.
  expect(await claims.claim(port)).toBe(true)
})

onLinux('gives no port that another controller of this machine has given away', async () => {
  const [ours, theirs] = [new PortClaims(), new PortClaims()]
  const port = await theirs.claimFree(new Set())
  expect(await ours.claim(port)).toBe(false)
  theirs.letGo(port)
  expect(await ours.claim(port)).toBe(true)
})
