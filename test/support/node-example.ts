import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/lib/free-port.ts'

/** The sample app of `examples/01-node-service`, running alone. */
export interface NodeExample {
  readonly port: number
  readonly pid: number
  readonly ledger: string
  /** Resolves with its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>
  stop(): Promise<void>
}

/** Resolves when it listens. `behaviour` is what its `behaviour.js` knows. */
export async function startNodeExample(
  behaviour: Readonly<Record<string, unknown>> = {},
): Promise<NodeExample> {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-example-'))
  const [port, ledger] = [await freePort(), join(folder, 'ledger')]
  const app = spawn(process.execPath, [resolve('examples/01-node-service/server.js')], {
    cwd: folder,
    env: {
      PORT: String(port),
      LEDGER: ledger,
      VERSION: '7',
      BEHAVIOUR: JSON.stringify(behaviour),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(app, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  const stop = async () => {
    app.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  while (!(await listens(port))) {
    if (app.exitCode !== null) throw new Error('the example ended while it started')
    await sleep(10)
  }
  return { port, pid: app.pid ?? 0, ledger, ended, stop }
}

function listens(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/nothing`).then(
    () => true,
    () => false,
  )
}
