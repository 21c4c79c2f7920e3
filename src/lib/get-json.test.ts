import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { getJson } from './get-json.ts'

it('asks a server on a unix socket', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'midflight-')), 's.sock')
  const server = createServer((asked, answer) =>
    answer.end(JSON.stringify({ path: asked.url })),
  ).listen(path)
  await once(server, 'listening')
  expect(await getJson(path, '/status')).toEqual({ path: '/status' })
  server.close()
})

it('says with the system’s error that nobody is there', async () => {
  await expect(getJson('/nowhere/s.sock', '/')).rejects.toMatchObject({ code: 'ENOENT' })
})
