import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listenPrivately } from '../lib/listen-privately.ts'
import type { Claim } from './claim.ts'
import { controlServer } from './control.ts'
import { Heir, type UpgradePlan } from './handover/heir.ts'
import type { Log } from './proxy-log.ts'
import type { Supervisor } from './supervisor.ts'

export interface Serving {
  readonly supervisor: Supervisor
  readonly claim: Claim
  readonly workers: number
  readonly directory: string
  readonly log: Log
}

const DRAIN_MS = 30_000

/**
 * Answers at the control socket until this proxy ends, and ends it. The socket is bound under a name of its own and
 * renamed, so that it passes from one proxy to the next in one step, and neither removes that of the other.
 */
export async function serveControl(serving: Serving): Promise<void> {
  const { supervisor, claim, directory, log } = serving
  const socket = join(directory, 'control.sock')
  const unlist = (): Promise<void> => rm(socket, { force: true })
  const open = async (): Promise<void> => {
    const server = controlServer({ supervisor, log, upgrade, unlist, onStopped: () => void end() })
    const own = join(directory, `c.${process.pid}`)
    await rm(own, { force: true })
    await listenPrivately(server, own)
    await rename(own, socket)
  }
  const upgrade = async (plan: UpgradePlan): Promise<number> => {
    const { workers } = serving
    const options = ['--state', join(directory, '..'), '--workers', String(workers)]
    const pid = await supervisor
      .handOver(() => new Heir({ ...plan, arguments: options }), claim)
      .catch(async (error: unknown) => {
        // An heir that failed at the very end may have had its socket there already.
        await open()
        throw error
      })
    void supervisor.retire(plan.drainMs).then(end)
    return pid
  }
  const end = async (): Promise<never> => {
    if (!supervisor.isRetired) await unlist()
    claim.release()
    log('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(
      signal,
      () =>
        void (supervisor.isRetired ? supervisor.retire(DRAIN_MS) : supervisor.stop(DRAIN_MS)).then(
          end,
        ),
    )
  }
  await open()
}
