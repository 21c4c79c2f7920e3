import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route } from '../../src/core/route.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { SUPERVISOR_FLAGS } from '../../src/proxy/supervisor-flags.ts'
import { memoryOf } from '../memory.ts'
import { type ProxyControl, proxyControl } from '../proxy-control.ts'
import { processTree } from '../process-tree.ts'
import { spreadOf } from '../sample.ts'
import type { TrialTerms } from '../trial.ts'
import type { CaseOfOne } from './case.ts'
import { manyRoutes } from './many-routes.ts'

const PROGRAM = fileURLToPath(new URL('../../src/proxy/main.ts', import.meta.url))
/** Enough that a new whole snapshot is written between two of them. */
const CHANGES = 300

/** All instances are up, or each of them is checked for the first time. */
type Meanwhile = 'settled' | 'first checks'

/** How long a change of one route takes, from the order until it is on the disk and obeyed, while 1,000 are in force. */
export function changeAmongMany(name: string, meanwhile: Meanwhile): CaseOfOne {
  return {
    name,
    entry: 'http',
    origin: 'tcp',
    needs: [],
    onlyMidflight: true,
    take: async ({ terms }) => {
      const stateDirectory = await mkdtemp(join(terms.stage.folder, 'many-'))
      const routes = manyRoutes(await freePort(), terms.origins.tcp)
      const child = await startProxy(stateDirectory, terms)
      try {
        const control = proxyControl(stateDirectory)
        await control.untilItAnswers()
        for (const route of routes) await control.apply(route)
        if (meanwhile === 'settled') await untilAllAreUp(control, routes)
        const took = await timesOf(control, routes)
        const bytes = memoryOf(processTree(child.pid ?? 0)).reduce((sum, one) => sum + one, 0)
        return { latency: spreadOf(took), rssMb: bytes / 1_000_000, failed: 0 }
      } finally {
        await terms.stage.kill(child)
      }
    },
  }
}

async function startProxy(stateDirectory: string, { stage, cores }: TrialTerms) {
  const words = [...SUPERVISOR_FLAGS, PROGRAM, '--state', stateDirectory, '--workers', '1']
  return stage.start('taskset', ['--cpu-list', cores.proxy, process.execPath, ...words])
}

async function untilAllAreUp(control: ProxyControl, routes: readonly Route[]): Promise<void> {
  for (const { service } of routes) await control.untilUp(service)
}

async function timesOf(control: ProxyControl, routes: readonly Route[]): Promise<number[]> {
  const took: number[] = []
  for (const route of routes.slice(0, CHANGES)) {
    const changed = { ...route, instances: route.instances.slice(1) }
    const startedAt = performance.now()
    await control.apply(changed)
    took.push(performance.now() - startedAt)
  }
  return took
}
