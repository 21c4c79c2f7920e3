import { describe, expect, it } from 'vitest'
import { scriptedWorld } from '../../test/support/scripted-world.ts'
import { waitUntilReady } from './wait-until-ready.ts'

const data = { kind: 'wait-until-ready', release: 'v2', slots: [0] } as const

describe('waiting until instances are ready', () => {
  it('ends when the proxy has seen every one ready', async () => {
    const world = scriptedWorld([
      { instances: [{ health: 'unproven' }] },
      { instances: [{ health: 'up' }] },
    ])
    expect(await waitUntilReady.do(data, world, {})).toEqual({ kind: 'yes', note: '1/1 in 0.1s' })
  })

  it('gives up after the startup time, with what the instance said last', async () => {
    const late = { health: 'unproven' as const, reason: 'answered 503 on GET /readyz' }
    expect(await waitUntilReady.do(data, scriptedWorld([{ instances: [late] }]), {})).toMatchObject(
      {
        problem: {
          code: 'instance-not-ready',
          message: 'shop.v2.0 was not ready after 5s: answered 503 on GET /readyz',
          hint: 'See its output: midflight logs v2. If it only needs longer, raise ready.startup.',
        },
      },
    )
  })

  it('gives up at once when an instance ends, and says when its command was not found', async () => {
    const moment = { instances: [{ health: 'unproven' as const }], ended: { code: 127 } }
    expect(await waitUntilReady.do(data, scriptedWorld([moment]), {})).toMatchObject({
      problem: {
        code: 'instance-ended',
        message: 'shop.v2.0 ended by itself (exit code 127) 5.0s after its start',
        hint: 'The command in "run" was not found. See its output: midflight logs v2',
      },
    })
  })
})
