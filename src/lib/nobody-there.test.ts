import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { getJson } from './get-json.ts'
import { isNobodyThere } from './nobody-there.ts'

async function socketOf(server?: Server): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'midflight-')), 's.sock')
  if (server) await once(server.listen(path), 'listening')
  return path
}

async function isNobody(path: string): Promise<boolean> {
  return getJson(path, '/').then(
    () => false,
    (error: unknown) => isNobodyThere(error),
  )
}

it('tells a path at which nobody ever was', async () => {
  expect(await isNobody(await socketOf())).toBe(true)
})

it('tells a server that ends before it reads, and one that ends before it answers', async () => {
  const [deaf, dumb] = [
    createServer((socket) => socket.destroy()),
    createServer((socket) => socket.once('data', () => socket.destroy())),
  ]
  for (const server of [deaf, dumb]) {
    expect(await isNobody(await socketOf(server))).toBe(true)
    server.close()
  }
})

it.each(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])('takes %s for it', (code) => {
  expect(isNobodyThere(Object.assign(new Error('write'), { code }))).toBe(true)
})

it('does not take a path through a file for it', async () => {
  const path = await socketOf()
  await writeFile(path, '')
  expect(await isNobody(join(path, 's.sock'))).toBe(false)
})
