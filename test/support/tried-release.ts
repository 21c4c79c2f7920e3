import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Doubt, PreflightSpec } from '../../src/core/doubt.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { Candidate } from '../../src/core/preflight.ts'
import type { Release } from '../../src/core/release.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { processRuntime } from '../../src/drivers/runtimes/process/runtime.ts'
import { processWorkshop } from '../../src/drivers/runtimes/process/workshop.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { systemClock as clock } from '../../src/lib/system-clock.ts'
import { machineOf } from '../../src/preflight/machine-of.ts'
import { preflight } from '../../src/preflight/preflight.ts'
import type { PreflightTools } from '../../src/preflight/preflight-tools.ts'
import { aServiceIn } from './a-release.ts'

export const ALL_OFF: PreflightSpec = {
  rollback: 'off',
  tests: 'off',
  branch: 'off',
  health: 'off',
  sigterm: 'off',
  memory: 'off',
  disk: 'off',
  traffic: 'off',
}

/** An app that does as one should. */
export const GOOD_APP = `
const server = require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/readyz' ? 200 : 404
  response.end()
})
server.listen(process.env.PORT, '127.0.0.1')
process.on('SIGTERM', () => server.close())
`

/** A release of a small app on this machine, and the preflight that looks at it. */
export interface TriedRelease {
  readonly release: Release
  readonly tools: PreflightTools
  /** Looks at it with these checks on; no doubt may leave anything behind. */
  doubts(levels: Partial<PreflightSpec>, more?: Partial<Candidate>): Promise<readonly Doubt[]>
  /** Every instance there is, and every folder of logs. */
  left(): Promise<readonly string[]>
}

export async function triedRelease(
  app: string,
  set: Partial<ServiceSpec> = {},
  machine: Partial<PreflightTools['machine']> = {},
): Promise<TriedRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'mf-try-'))
  onTestFinished(async () => removeSealed(folder))
  const directory = join(folder, 'app')
  const stateDirectory = join(folder, 's')
  await mkdir(directory)
  await mkdir(stateDirectory)
  await writeFile(join(directory, 'server.js'), app)
  const runtime = processRuntime({ stateDirectory, clock })
  const workshop = processWorkshop({ stateDirectory, clock, runtime })
  const ready = {
    path: '/readyz',
    intervalMs: 50,
    timeoutMs: 500,
    up: 1,
    down: 2,
    startupMs: 5_000,
  }
  const release = await workshop.make(aServiceIn(directory, { ready, ...set }), 'v2')
  const tools = { runtime, workshop, clock, machine: { ...machineOf(folder), ...machine } }
  return {
    release,
    tools,
    doubts: async (levels, more = {}) => {
      const spec = { ...release.spec, preflight: { ...ALL_OFF, ...levels } }
      const candidate = { plan: planTo(2), ...more, release: { ...release, spec } }
      return (await preflight(tools).look(candidate)).doubts
    },
    left: async () => [
      ...(await runtime.list()).map(({ id }) => id),
      ...(await readdir(join(stateDirectory, 'logs')).catch(() => [])),
    ],
  }
}

/** A plan that starts so many instances beside what runs. */
export function planTo(count: number): Plan {
  const slots = Array.from({ length: count }, (_, slot) => slot)
  return {
    service: 'shop',
    strategy: 'rolling',
    from: 'v1',
    to: 'v2',
    steps: [{ kind: 'start-instances', release: 'v2', slots }],
  }
}
