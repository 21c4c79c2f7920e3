import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../src/core/route.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { readSnapshot } from '../../src/proxy/read-snapshot.ts'
import { freeAddress, testInstance, testRoute, type TestInstance } from './router-world.ts'

const INSTANCES = 400
const LIVES = 4
const CHANGES_A_LIFE = 40

describe('a new whole snapshot', () => {
  let directory: string
  let router: EmbeddedRouter
  let instance: TestInstance
  let route: Route

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midflight-compaction-'))
    router = embeddedRouter({ stateDirectory: directory, workers: 1 })
    instance = await testInstance('v1')
    const large = testRoute(await freeAddress(), { v1: 10_000 }, manyOf(instance))
    route = { ...large, ready: { ...large.ready, intervalMs: 60_000 } }
  })
  afterAll(async () => {
    await router.stop({ drainMs: 0 })
    await instance.close()
    await rm(directory, { recursive: true })
  })

  const changed = (nth: number): Route => ({
    ...route,
    limits: { ...route.limits, holdRequests: nth },
  })
  const wholeFile = () => readFile(join(directory, 'proxy', 'snapshot.json'), 'utf8')

  it('loses no change that was answered, whenever the proxy is killed', async () => {
    let nth = 0
    const wholes = new Set<string>()
    for (let life = 0; life < LIVES; life += 1) {
      await router.start()
      for (let count = 0; count < CHANGES_A_LIFE + life; count += 1) {
        await router.apply(changed((nth += 1)))
        wholes.add((await wholeFile()).slice(-80))
      }
      const unanswered = router.apply(changed(nth + 1)).catch(() => undefined)
      const { pid } = (await router.status())!
      process.kill(pid, 'SIGKILL')
      await unanswered
      const { routes } = await readSnapshot(join(directory, 'proxy'))
      expect([nth, nth + 1]).toContain(routes[0]?.limits.holdRequests)
      expect(routes[0]?.instances).toHaveLength(INSTANCES)
      nth += 1
    }
    // One is written at each start; the others while changes went on.
    expect(wholes.size).toBeGreaterThan(LIVES)
  })
})

function manyOf({ routed }: TestInstance): Route['instances'] {
  return Array.from({ length: INSTANCES }, (_, slot) => ({
    ...routed,
    id: `shop.v1.${slot}`,
    generation: `v1-${slot}`,
  }))
}
