import { expect, it } from 'vitest'
import type { Instance } from '../../core/instance.ts'
import type { RouteInstance } from '../../core/route.ts'
import { HeadCount } from './head-count.ts'

const instance = (id: string, set: Partial<Instance> = {}): Instance => ({
  id,
  service: 'shop',
  release: id.split('.')[1] ?? '',
  slot: 0,
  address: { host: '127.0.0.1', port: 20_000 },
  startedAtMs: 0,
  generation: 'one',
  state: { kind: 'running', pid: 1 },
  ...set,
})
const member = (id: string, state: 'serving' | 'draining' = 'serving') =>
  ({ id, state }) as RouteInstance

const ENDED = { state: { kind: 'ended' } } as const
const IDS = ['shop.v1.0', 'shop.v1.1', 'shop.v2.0', 'shop.v0.0']
const ALL_SERVE = IDS.map((id) => member(id))

/** After all ran and served, this is found. */
function foundThen(all: readonly Instance[], members = ALL_SERVE) {
  const count = new HeadCount({ from: 'v1', to: 'v2' })
  const none = count.take(
    IDS.map((id) => instance(id)),
    ALL_SERVE,
  )
  expect(none).toEqual({ running: { candidate: 1, stable: 2 }, ended: [] })
  return count.take(all, members)
}

it('an instance that ended is told, among how many', () => {
  const all = IDS.map((id) => instance(id, id === 'shop.v2.0' ? ENDED : {}))
  expect(foundThen(all)).toEqual({
    running: { candidate: 1, stable: 2 },
    ended: [{ instance: 'shop.v2.0', release: 'v2' }],
  })
})

it('an instance that is another process already has ended', () => {
  const all = IDS.map((id) => instance(id, id === 'shop.v1.1' ? { generation: 'two' } : {}))
  expect(foundThen(all).ended).toEqual([{ instance: 'shop.v1.1', release: 'v1' }])
})

it('an instance that was to end is not told: it leaves the route, or has left', () => {
  const all = IDS.slice(1).map((id) => instance(id, id === 'shop.v1.1' ? ENDED : {}))
  const members = [member('shop.v1.1', 'draining'), member('shop.v2.0')]
  expect(foundThen(all, members).ended).toEqual([])
})

it('an instance that ended before it was ever counted is told, unless it was so from the beginning', () => {
  const count = new HeadCount({ from: 'v1', to: 'v2' })
  const [old, young] = [instance('shop.v1.0', ENDED), instance('shop.v2.0', ENDED)]
  expect(count.take([old], ALL_SERVE).ended).toEqual([])
  expect(count.take([old, young], ALL_SERVE).ended).toEqual([
    { instance: 'shop.v2.0', release: 'v2' },
  ])
})

it('an instance that ended is told once, and of other releases none', () => {
  const count = new HeadCount({ from: 'v1', to: 'v2' })
  const running = IDS.map((id) => instance(id))
  const ended = IDS.map((id) => instance(id, ENDED))
  const again = IDS.map((id) => instance(id, { generation: 'two' }))
  const told = [running, ended, ended, again].map((all) => count.take(all, ALL_SERVE).ended.length)
  expect(told).toEqual([0, 3, 0, 0])
})
