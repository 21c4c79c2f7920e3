import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Problem } from '../core/problem.ts'
import { claimDirectory } from './claim.ts'
import { controlServer } from './control.ts'
import { listenPrivately } from '../lib/listen-privately.ts'
import { proxyLog } from './proxy-log.ts'
import { startSupervisor } from './start-supervisor.ts'

/**
 * The proxy, as a process: `node main.ts --state DIR [--workers N]`. It keeps its things in `DIR/proxy` and logs to
 * its standard output. Ends with 0 when it was asked to stop or another proxy has this state directory, with 1 when it
 * cannot start or failed; the log says why.
 */
process.title = 'midflight-proxy'

const DRAIN_MS = 30_000

const log = proxyLog()
const { values } = parseArgs({
  options: { state: { type: 'string' }, workers: { type: 'string' } },
})

process.on('uncaughtException', (error) => {
  log('proxy failed', error instanceof Problem ? { problem: error } : { stack: error.stack })
  process.exit(1)
})
process.on('SIGHUP', () => undefined)
await run(join(resolve(values.state ?? '.midflight'), 'proxy'))

async function run(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const claim = claimDirectory(directory)
  if (!claim) {
    log('another proxy runs here', { directory })
    process.exit(0)
  }
  const workers = Number(values.workers ?? availableParallelism())
  const supervisor = await startSupervisor({ workers, directory, log })
  const control = controlServer({ supervisor, log, onStopped: () => end() })
  const end = (): never => {
    log('stopped')
    control.close()
    claim.release()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void supervisor.stop(DRAIN_MS).then(end))
  }
  await listenPrivately(control, join(directory, 'control.sock'))
  log('started', { workers, version: supervisor.status().version })
}
