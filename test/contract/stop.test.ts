import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import { AT_ONCE } from '../support/controlled.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

let real: RealWorld
beforeAll(async () => {
  real = await realWorld()
})
afterAll(async () => real.dispose())

it('a controller that stops ends the build of a release, and leaves nothing of it', async () => {
  const tools = real.tools()
  const controller = new Controller(tools)
  await controller.start()
  const { spec } = await real.release('unused', { rollout: AT_ONCE })
  const build = 'echo $$ > pid; exec sleep 600'
  const deploying = controller.deploy({ spec: { ...spec, build }, release: 'v1' }, 'refuse')
  const refused = expect(deploying).rejects.toMatchObject({ code: 'controller-stopped' })
  const releases = join(real.stateDirectory, 'releases', 'shop')
  const half = async () => {
    const names = await readdir(releases)
    const files = names
      .filter((name) => name !== 'unused')
      .map((name) => readdir(join(releases, name)))
    return (await Promise.all(files)).flat()
  }
  await until(half, (files) => files.includes('pid'))
  const begunAt = performance.now()
  await controller.stop()
  await refused
  expect(performance.now() - begunAt).toBeLessThan(10_000)
  expect(await readdir(releases)).toEqual(['unused'])
  expect(await tools.releases.list('shop')).toEqual([])
}, 60_000)
