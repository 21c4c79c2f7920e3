import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Problem } from '../core/problem.ts'
import { claimDirectory } from './claim.ts'
import { Elder } from './handover/elder.ts'
import { listenFds } from '../lib/listen-fds.ts'
import { lentSockets } from './lent-sockets.ts'
import { proxyLog } from './proxy-log.ts'
import { serveControl } from './serve-control.ts'
import { startHeir, startSupervisor } from './start-supervisor.ts'

/**
 * The proxy, as a process: `node main.ts --state DIR [--workers N] [--sockets N] [--heir]`. It keeps its things in
 * `DIR/proxy` and logs to its standard output. `--sockets` says that descriptors 3 and on are sockets which systemd
 * bound; they are used for routes with their addresses. With `--heir` it takes over from the proxy that started it. Ends with 0 when it was asked to stop or another
 * proxy has this state directory, with 1 when it cannot start or failed; the log says why.
 */
process.title = 'midflight-proxy'

const log = proxyLog()
const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    workers: { type: 'string' },
    sockets: { type: 'string' },
    heir: { type: 'boolean' },
  },
})
const directory = join(resolve(values.state ?? '.midflight'), 'proxy')
const options = { workers: Number(values.workers ?? availableParallelism()), directory, log }

process.on('uncaughtException', (error) => {
  log('proxy failed', error instanceof Problem ? { problem: error } : { stack: error.stack })
  process.exit(1)
})
process.on('SIGHUP', () => undefined)
await (values.heir ? inherit(new Elder()) : begin())

async function begin(): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const claim = claimDirectory(directory)
  if (!claim) {
    log('another proxy runs here', { directory })
    process.exit(0)
  }
  const supervisor = await startSupervisor(options, lentSockets(descriptors(), log))
  await serveControl({ supervisor, claim, ...options })
  log('started', { workers: options.workers, version: supervisor.status().version })
}

/** Passed on by the controller, or by systemd itself. */
function descriptors(): readonly number[] {
  const passed = Number(values.sockets ?? 0)
  return passed > 0 ? Array.from({ length: passed }, (_, at) => 3 + at) : listenFds()
}

async function inherit(elder: Elder): Promise<void> {
  try {
    const { supervisor, claim } = await startHeir(options, elder)
    await serveControl({ supervisor, claim, ...options })
    elder.taken()
    log('took over', { workers: options.workers, version: supervisor.status().version })
  } catch (error) {
    await elder.unfit(error)
    throw error
  }
}
