import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/lib/free-port.ts'

/** A real Redis of one's own, on loopback only, that writes nothing to disk. */
export interface Redis {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** Why a test that needs Redis has to be skipped here, if so. */
export function missing(): string | undefined {
  const { error } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' })
  return error ? 'redis-server is not installed' : undefined
}

/** Starts empty, in a new directory, which `stop` removes. */
export async function startRedis(): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-redis-'))
  const port = await freePort()
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const server = spawn('redis-server', settings, { cwd: folder, stdio: 'ignore' })
  const ended = once(server, 'exit')
  const stop = async () => {
    server.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error('redis-server ended while it started')
    await sleep(10)
  }
  return { url: `redis://127.0.0.1:${port}`, pid: server.pid ?? 0, stop }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.toString() === '+PONG\r\n'
  } catch {
    // Not up yet: the caller asks again for as long as the process lives.
    return false
  } finally {
    socket.destroy()
  }
}
