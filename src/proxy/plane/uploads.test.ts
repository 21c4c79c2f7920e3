import { afterEach, describe, expect, it } from 'vitest'
import { hashingInstance } from '../../../test/support/hashing-instance.ts'
import { memoryUsed } from '../../../test/support/memory-used.ts'
import { type MovingPlane, movingPlane } from '../../../test/support/moving-plane.ts'
import { upload, ways } from '../../../test/support/upload.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function twoReleases() {
  const [blue, green] = [await hashingInstance(), await hashingInstance()]
  open.push(
    () => blue.kill(),
    () => green.kill(),
  )
  const proxy: MovingPlane = await movingPlane(blue.port, green.port)
  open.push(() => proxy.close())
  proxy.before()
  return { blue, green, proxy }
}

describe('uploads that are under way when the traffic moves', () => {
  it('complete on the old release, byte for byte, and are kept nowhere', async () => {
    const { blue, green, proxy } = await twoReleases()
    const moved = Promise.withResolvers<void>()
    const before = memoryUsed()
    const uploads = ways.map((way) => upload(proxy.port, way, moved.promise))
    const firsts = uploads.reduce((sum, { first }) => sum + first, 0)
    await expect.poll(() => blue.seen.bytes, { timeout: 10_000 }).toBe(firsts)
    proxy.after()
    moved.resolve()
    const answers = await Promise.all(uploads.map(({ answer }) => answer))
    const grown = memoryUsed() - before
    const hash = uploads[0]!.hash()
    expect(answers).toEqual(uploads.map(() => ({ status: 200, text: hash })))
    expect(green.seen).toEqual({ bytes: 0, broken: 0 })
    expect(grown).toBeLessThan(64 * 1024 * 1024)
  }, 20_000)

  it('end in a clean 503 when the old release has to end first, and never reach the new one', async () => {
    const { blue, green, proxy } = await twoReleases()
    const never = new Promise<void>(() => undefined)
    const keyed = { ...ways[0]!, headers: { 'Idempotency-Key': 'large' } }
    const uploads = [...ways, keyed].map((way) => upload(proxy.port, way, never))
    const firsts = uploads.reduce((sum, { first }) => sum + first, 0)
    // The keyed one is partly kept until it is too large, and is given up then.
    await expect.poll(() => blue.seen.bytes, { timeout: 10_000 }).toBe(firsts)
    proxy.after()
    await blue.kill()
    const answers = await Promise.all(uploads.slice(0, 4).map(({ answer }) => answer))
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503])
    expect(green.whole).toEqual([])
  }, 20_000)

  it('are sent again whole to the new release when they may be, and were small enough to be kept', async () => {
    const { blue, green, proxy } = await twoReleases()
    const moved = Promise.withResolvers<void>()
    const uploads = ways.map((way, index) => {
      const headers = { 'Idempotency-Key': `small-${index}` }
      return upload(proxy.port, { ...way, headers, chunks: 60 }, moved.promise)
    })
    const firsts = uploads.reduce((sum, { first }) => sum + first, 0)
    await expect.poll(() => blue.seen.bytes, { timeout: 10_000 }).toBe(firsts)
    proxy.after()
    await blue.kill()
    moved.resolve()
    const answers = await Promise.all(uploads.map(({ answer }) => answer))
    const hash = uploads[0]!.hash()
    expect(answers).toEqual(uploads.map(() => ({ status: 200, text: hash })))
    expect(green.whole).toHaveLength(ways.length)
    expect(green.seen.broken).toBe(0)
  }, 20_000)
})
