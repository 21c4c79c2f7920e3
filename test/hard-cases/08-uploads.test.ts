import { expect, it } from 'vitest'
import { appInstance, draining, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { until } from '../support/until.ts'
import { type Upload, upload, type Way, ways } from '../support/upload.ts'

/** Of both workers together: 160 MB pass through them. */
const MOST_BYTES = 64 * 1024 * 1024

/** Blue has the first part of every upload; the rest comes when `go` says so. */
async function underWay(how: Partial<Way> = {}) {
  const [blue, green] = await Promise.all([appInstance('blue'), appInstance('green')])
  const proxy = await proxyOfTwo()
  await proxy.serve([blue.routed, green.routed])
  const go = Promise.withResolvers<void>()
  const before = await proxy.memory()
  const uploads: Upload[] = []
  await proxy.throughEach(async () => {
    uploads.push(...ways.map((way) => upload(proxy.port, { ...way, ...how }, go.promise)))
    const first = uploads.reduce((sum, each) => sum + each.first, 0)
    await until(
      async () => (await blue.report()).seen.bytes,
      (bytes) => bytes === first,
    )
  })
  const move = () => proxy.route([draining(blue), green.routed])
  return { blue, green, proxy, go, before, uploads, move }
}

const wholeIn = async ({ green }: Awaited<ReturnType<typeof underWay>>): Promise<number> =>
  (await green.report()).asked.filter(({ what }) => what === 'whole upload').length

it('uploads that run when the traffic moves complete where they began, byte for byte, and are kept nowhere', async () => {
  // given
  const world = await underWay()
  const { uploads, green, proxy } = world

  // when
  await world.move()
  world.go.resolve()

  // then
  const answers = await Promise.all(uploads.map(({ answer }) => answer))
  const text = `blue ${uploads[0]!.hash()}`
  expect(answers).toEqual(uploads.map(() => ({ status: 200, text })))
  expect((await green.report()).seen).toEqual({ bytes: 0, broken: 0 })
  expect((await proxy.memory()) - world.before).toBeLessThan(MOST_BYTES)
})

it('uploads that are cut because the old release has to end get a clean 503, and never look whole to the new one', async () => {
  // given
  const world = await underWay()

  // when
  await world.move()
  await world.blue.kill()

  // then
  const answers = await Promise.all(world.uploads.map(({ answer }) => answer))
  expect(answers.map(({ status }) => status)).toEqual(world.uploads.map(() => 503))
  expect(await wholeIn(world)).toBe(0)
})

it('uploads that may be sent again and are small enough go whole to the new release', async () => {
  // given
  const headers = { 'Idempotency-Key': '"small"' }
  const world = await underWay({ headers, chunks: 60 })

  // when
  await world.move()
  await world.blue.kill()
  world.go.resolve()

  // then
  const answers = await Promise.all(world.uploads.map(({ answer }) => answer))
  const text = `green ${world.uploads[0]!.hash()}`
  expect(answers).toEqual(world.uploads.map(() => ({ status: 200, text })))
  expect(await wholeIn(world)).toBe(world.uploads.length)
  expect((await world.green.report()).seen.broken).toBe(0)
})
