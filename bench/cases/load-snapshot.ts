import type { InstanceAddress } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { bindSocket } from '../../src/proxy/listening-socket.ts'
import { forkedLine } from '../../src/proxy/worker-line.ts'
import { WorkerProcess, type WorkerListener } from '../../src/proxy/worker-process.ts'
import { memoryOf } from '../memory.ts'
import { manyRoutes } from './many-routes.ts'

/**
 * A worker, its 1,000 services and their doors, as a process: `node load-snapshot.ts DIRECTORY ADDRESS`. Its last line is a SnapshotLoading.
 */
export interface SnapshotLoading {
  readonly ms: number
  /** Of the worker, after it. */
  readonly bytes: number
}

if (import.meta.main) {
  const [directory = '', address = ''] = process.argv.slice(2)
  const loading = await load(directory, JSON.parse(address) as InstanceAddress)
  process.stdout.write(`\n${JSON.stringify(loading)}\n`)
}

async function load(directory: string, address: InstanceAddress): Promise<SnapshotLoading> {
  const obeyed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const listener: WorkerListener = {
    onMessage: (_, message) => message.kind === 'obeyed' && obeyed[message.version]?.resolve(),
    onExit: (_, how) =>
      obeyed.forEach(({ reject }) => reject(new Error(`the worker ended: ${how}`))),
  }
  const routes = manyRoutes(await freePort(), address)
  const sockets = await Promise.all(routes.map((route) => bindSocket(route.listen)))
  const worker = new WorkerProcess(listener, forkedLine({ workers: 1, directory, sockets }))
  // A rejection that nobody waits for any more, when it is killed at the end, is none.
  for (const { promise } of obeyed) promise.catch(() => undefined)
  const services = routes.map((route, at) => {
    const { service } = route
    return { service, route, doors: [{ service, key: sockets[at]?.key ?? '' }], marks: [] }
  })
  try {
    worker.obey({ orders: { version: 0, services: [] }, sockets })
    await obeyed[0]?.promise
    const startedAt = performance.now()
    worker.obey({ orders: { version: 1, services }, sockets })
    await obeyed[1]?.promise
    return { ms: performance.now() - startedAt, bytes: memoryOf([worker.pid])[0] ?? 0 }
  } finally {
    worker.kill()
  }
}
