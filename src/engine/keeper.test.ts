import { expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.ts'
import { Crew } from './crew.ts'
import { Keeper } from './keeper.ts'
import type { Tools } from './tools.ts'

it('goes on looking after everything when the store cannot be read for a while, and says so', async () => {
  const over = new AbortController()
  const said: string[] = []
  let looks = 0
  const tools = {
    clock: fakeClock(),
    log: (message: string, data: object) => said.push(`${message} ${JSON.stringify(data)}`),
    rollouts: { unfinished: async () => [] },
    services: {
      list: async () => {
        looks += 1
        if (looks === 2) over.abort()
        throw new Error('disk I/O error')
      },
    },
  } as unknown as Tools
  await new Keeper(tools, new Crew(tools)).keep(over.signal)
  expect(looks).toBe(2)
  expect(said[0]).toBe(
    'could not look after it {"what":"services","error":"Error: disk I/O error"}',
  )
})
