import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenPrivately } from './listen-privately.ts'

describe('the control socket', () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midflight-control-'))
    path = join(directory, 'control.sock')
  })
  afterEach(async () => await rm(directory, { recursive: true }))

  it('may be opened by its owner only', async () => {
    const server = createServer()
    await listenPrivately(server, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    server.close()
  })

  it('takes the place of one whose process is gone', async () => {
    const dies = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', dies])
    expect((await stat(path)).isSocket()).toBe(true)
    const server = createServer()
    await listenPrivately(server, path)
    expect(server.listening).toBe(true)
    server.close()
  })

  it('is left to one that answers', async () => {
    const [first, second] = [createServer(), createServer()]
    await listenPrivately(first, path)
    await expect(listenPrivately(second, path)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(first.listening).toBe(true)
    first.close()
  })
})
