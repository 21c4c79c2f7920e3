import { afterEach, describe, expect, it } from 'vitest'
import {
  answer,
  playedInstance,
  type PlayedInstance,
} from '../../../test/support/played-instance.ts'
import { h2Instance } from '../../../test/support/h2-instance.ts'
import { instanceAt } from '../../../test/support/plane-under-test.ts'
import { until } from '../../../test/support/until.ts'
import { type Treatment, watchedPlane } from '../../../test/support/watched-plane.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** What is known of this instance's lag, again and again. */
async function lagOf(instance: PlayedInstance, ready: Treatment['ready'] = {}) {
  const plane = await watchedPlane()
  open.push(() => plane.close())
  plane.route([instance.routed], { ready })
  return async () => plane.markOf(instance.routed)?.lagMs
}

async function played(onCheck: PlayedInstance['onCheck']): Promise<PlayedInstance> {
  const instance = await playedInstance()
  open.push(() => instance.kill())
  instance.onCheck = onCheck
  return instance
}

describe('the lag of an instance', () => {
  it('is how long it takes to answer its check, and follows each check', async () => {
    const instance = await played((response) => void setTimeout(answer(200), 60, response))
    const lag = await lagOf(instance)
    expect(await until(lag, (ms) => ms !== undefined)).toBeGreaterThanOrEqual(55)
    instance.onCheck = answer(200)
    await until(lag, (ms) => ms !== undefined && ms < 50)
  })

  it('is told of an answer that says no as well', async () => {
    const lag = await lagOf(await played(answer(503)))
    expect(await until(lag, (ms) => ms !== undefined)).toBeGreaterThan(0)
  })

  it('is the whole time-out when no answer comes', async () => {
    const lag = await lagOf(await played(() => undefined), { timeoutMs: 40 })
    const lagMs = await until(lag, (ms) => ms !== undefined)
    expect(lagMs).toBeLessThanOrEqual(40)
    // A timer may be a millisecond early.
    expect(lagMs).toBeGreaterThan(38)
  })

  it('is not known of one that takes no connection, or is asked for no more than that', async () => {
    const instance = await played(answer(200))
    const lag = await lagOf(instance)
    await until(lag, (ms) => ms !== undefined)
    await instance.kill()
    await until(lag, (ms) => ms === undefined)
    const other = await played(answer(200))
    const plane = await watchedPlane()
    open.push(() => plane.close())
    plane.route([other.routed], { ready: { check: 'tcp' } })
    await plane.up(other.routed)
    expect(plane.markOf(other.routed)).not.toHaveProperty('lagMs')
  })

  it.each(['http', 'grpc'] as const)(
    'is measured over HTTP/2 too, where it is asked for by %s',
    async (check) => {
      const instance = await h2Instance((stream) => {
        setTimeout(() => {
          if (stream.destroyed) return
          const type = check === 'grpc' ? { 'content-type': 'application/grpc' } : {}
          stream.respond({ ':status': 200, ...type }, { waitForTrailers: true })
          stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
          // A message of two bytes that says SERVING (grpc.health.v1).
          stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]))
        }, 60)
      })
      const routed = { ...instanceAt(instance.port), protocol: 'http2' } as const
      const plane = await watchedPlane()
      open.push(() => plane.close())
      plane.route([routed], { ready: check === 'grpc' ? { check } : {} })
      const lag = async () => plane.markOf(routed)?.lagMs
      const lagMs = await until(lag, (ms) => ms !== undefined)
      expect(lagMs).toBeGreaterThanOrEqual(55)
      expect(plane.markOf(routed)?.reason).toBeUndefined()
    },
  )
})
