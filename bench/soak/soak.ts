import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Address } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import { judge, type ProofReport } from '../../src/prove/judge.ts'
import { type Load, startLoad } from '../../src/prove/load.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'
import { SUPERVISOR_FLAGS } from '../../src/proxy/supervisor-flags.ts'
import { type ProxyControl, proxyControl } from '../proxy-control.ts'
import type { Stage } from '../stage.ts'
import { Changes } from './changes.ts'
import { Crew } from './crew.ts'
import { type Growth, growthOf } from './growth.ts'
import { killWorker } from './kill-worker.ts'
import { MemoryLog } from './memory-log.ts'
import { repeat } from './repeat.ts'
import type { SoakPlan } from './soak-arguments.ts'
import { soakRoute } from './soak-route.ts'

const PROXY = fileURLToPath(new URL('../../src/proxy/main.ts', import.meta.url))
const WORKERS = 3
const PER_SECOND = 150
const SAMPLE_EVERY_MS = 10_000
const TELL_EVERY_MS = 60_000

export interface SoakResult {
  readonly plan: SoakPlan
  readonly proof: ProofReport
  readonly changes: number
  readonly kills: number
  /** Changes and kills that could not be made, in words. */
  readonly faults: readonly string[]
  readonly growth: readonly Growth[]
}

type Say = (line: string) => void

/** Runs it to its end, and tells each minute how it goes. Rejects when the proxy or the app does not come up. */
export async function soak(plan: SoakPlan, stage: Stage, say: Say): Promise<SoakResult> {
  const crew = new Crew(stage)
  const proxy = await startProxy(stage)
  const listen = { host: '127.0.0.1', port: await freePort() }
  const changes = new Changes(soakRoute(listen), proxy.control, crew)
  await proxy.explain(changes.begin())
  const load = startLoad(listen, {
    mix: demoMix({ perSecond: PER_SECOND, run: `soak-${process.pid}` }),
    forMs: plan.forMs,
    total: Infinity,
    appMarks: 'always',
  })
  const seen = await disturb(plan, { load, changes, listen, ...proxy, say })
  const proof = judge(await load.done, await readLedger(crew.ledger))
  return { plan, proof, changes: changes.made, ...seen }
}

interface Running {
  readonly pid: number
  readonly control: ProxyControl
  /** Adds the last words of the proxy to what goes wrong. */
  explain<T>(work: Promise<T>): Promise<T>
}

async function startProxy(stage: Stage): Promise<Running> {
  const state = join(stage.folder, 'state')
  await mkdir(state)
  const path = join(stage.folder, 'proxy.log')
  const log = await open(path, 'a')
  const words = [...SUPERVISOR_FLAGS, PROXY, '--state', state, '--workers', String(WORKERS)]
  const child = await stage.start(process.execPath, words, { stdio: ['ignore', log.fd, log.fd] })
  await log.close()
  const control = proxyControl(state)
  const explain: Running['explain'] = async (work) => {
    try {
      return await work
    } catch (error) {
      const last = (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1)
      throw new Error(`the soak cannot begin; the proxy said last: ${last}`, { cause: error })
    }
  }
  await explain(control.untilItAnswers())
  return { pid: child.pid ?? 0, control, explain }
}

interface Disturbed extends Running {
  readonly load: Load
  readonly changes: Changes
  readonly listen: Address
  readonly say: Say
}

/** Changes, kills and looks, until the load is over. */
async function disturb(plan: SoakPlan, running: Disturbed) {
  const { load, changes, control, listen, say } = running
  const memory = new MemoryLog()
  const faults: string[] = []
  const over = new AbortController()
  let kills = 0
  const each = (everyMs: number, work: () => Promise<void>) =>
    repeat(everyMs, work, { faults, signal: over.signal })
  const doings = [
    each(plan.changeEveryMs, () => changes.next()),
    each(plan.killEveryMs, async () => {
      await killWorker(control, listen.port, load)
      kills += 1
    }),
    each(SAMPLE_EVERY_MS, async () => memory.sample(running.pid, await control.workers())),
    each(TELL_EVERY_MS, async () => {
      const { requests, failed, severed } = load.countsSince()
      const megabytes = memory.series.at(-1)?.megabytes.at(-1) ?? 0
      say(
        `${requests} requests, ${failed} failed, ${severed.requests} severed; ` +
          `${changes.made} changes, ${kills} kills; ${megabytes.toFixed(0)} MB`,
      )
    }),
  ]
  await load.done
  over.abort()
  await Promise.all(doings)
  return { kills, faults, growth: memory.series.map(growthOf) }
}
