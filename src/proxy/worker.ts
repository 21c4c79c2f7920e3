import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ServiceName } from '../core/names.ts'
import { AccessLog } from './access/access-log.ts'
import { ACCESS_FILE } from './access/keep-small.ts'
import { createDataPlane } from './plane/data-plane.ts'
import { Doors } from './doors.ts'
import { selfProbe } from './handover/self-probe.ts'
import { followedLeave, type Leave } from './leave.ts'
import { proxyLog } from './proxy-log.ts'
import { FIRST_INHERITED, type FromWorker, type Orders, type ToWorker } from './worker-messages.ts'

/**
 * One worker process: hands what the supervisor says to a data plane, and what the plane saw to the supervisor.
 * It lives exactly as long as the supervisor wants it; when the supervisor is gone it lets go of the listening
 * sockets at once, so that a new supervisor can bind, and ends after what runs.
 */
process.title = 'midflight-worker'

const TALLY_EVERY_MS = 100
const ORPHAN_LIMIT_MS = 30_000
/** Of the limit so much is for WebSockets and event streams to leave in, one by one; of a short limit this share. */
const FAREWELL_MS = 10_000
const FAREWELL_SHARE = 0.5
/** A disk that hangs keeps nobody alive. */
const LAST_WORDS_MS = 500

const log = proxyLog()
const access = new AccessLog(join(process.argv[3] ?? '.', ACCESS_FILE), log)
const plane = createDataPlane({
  onAccess: (record) => access.write(record),
  workers: Number(process.argv[2] ?? 1),
  onRefused: (mark) => tell({ kind: 'refused', mark }),
  onOutlier: (outlier) => tell({ kind: 'outlier', outlier }),
  onFault: (fault) => log('rules not obeyed', { why: String(fault) }),
})
const doors = new Doors(plane)
let leaving = false

process.on('uncaughtException', (error) => {
  log('worker failed', { stack: error.stack })
  process.exit(1)
})
// A terminal sends these to the whole group; when a worker ends is for the supervisor to say.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('message', (message: ToWorker, handle: unknown) => hear(message, handle))
process.on('disconnect', () => void leave(followedLeave(ORPHAN_LIMIT_MS)))
setInterval(tellTally, TALLY_EVERY_MS)
setInterval(tellSight, TALLY_EVERY_MS)

function hear(message: ToWorker, handle: unknown): void {
  switch (message.kind) {
    case 'inherit':
      return message.keys.forEach((key, at) => doors.hold(key, { fd: FIRST_INHERITED + at }))
    case 'hold':
      return doors.hold(message.key, handle)
    case 'sign':
      return plane.sign(Buffer.from(message.key, 'base64'))
    case 'equip':
      plane.equip(message.service, message.credentials)
      return tell({ kind: 'equipped', number: message.number })
    case 'obey':
      return void obey(message.orders)
    case 'mark':
      for (const [service, marks] of message.news) plane.mark(marks, service)
      return undefined
    case 'probe':
      return void probe(message.service, message.path)
    case 'leave':
      return void leave(message)
  }
}

/** The routes are in force before a new door opens, so that no connection meets a service that is not known yet. */
async function obey(orders: Orders): Promise<void> {
  for (const { service, route, marks } of orders.services) {
    plane.change(service, route)
    plane.mark(marks, service)
  }
  const opening = leaving ? [] : orders.services.map(async (each) => doors.open(each))
  for (const fault of (await Promise.all(opening)).flat()) tell({ kind: 'not-listening', ...fault })
  tellTally()
  tell({ kind: 'obeyed', version: orders.version })
}

async function probe(service: ServiceName, path: string): Promise<void> {
  const fault = await selfProbe(plane, service, path)
  tell({ kind: 'probed', service, ...(fault !== undefined && { fault }) })
}

/** Said again, the shorter limit holds. What would be cut at the limit is told to leave before. */
async function leave({ limitMs, patienceMs }: Leave): Promise<void> {
  leaving = true
  doors.close()
  const farewellMs = Math.min(FAREWELL_MS, limitMs * FAREWELL_SHARE)
  void setTimeout(limitMs - farewellMs).then(() => plane.dismiss(farewellMs))
  await Promise.race([plane.drain(patienceMs), setTimeout(limitMs)])
  await Promise.race([access.flush(), setTimeout(LAST_WORDS_MS)])
  tellSight()
  tell({ kind: 'tally', news: plane.takeTally() }, () => process.exit(0))
}

function tellSight(): void {
  const sight = plane.takeSight()
  if (sight) tell({ kind: 'sight', sight })
}

function tellTally(): void {
  const news = plane.takeTally()
  if (news.over.length > 0 || Object.keys(news.tally).length > 0) tell({ kind: 'tally', news })
}

/** `then` follows in any case: when the supervisor is gone, nobody is left to tell, and the worker is leaving. */
function tell(message: FromWorker, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, then)
  else then()
}
