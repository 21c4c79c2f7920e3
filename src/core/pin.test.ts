import { expect, it } from 'vitest'
import type { RouteInstance } from './route.ts'
import { idlePins, pinsIn } from './pin.ts'
import type { MirrorSpec, Rule, Target } from './rule.ts'

const rule = (to: Target): Rule => ({ when: { methods: ['GET'] }, to })
const mirror = { to: { release: 'v9' } } as MirrorSpec
const instance = (release: string, state: RouteInstance['state']): RouteInstance => ({
  id: `shop.${release}.0`,
  release,
  address: { host: '127.0.0.1', port: 1 },
  state,
  generation: '1',
})

it('rules and mirrors that name a release are told by their place', () => {
  const rules = [rule('candidate'), rule({ release: 'v1' }), rule('stable')]
  expect(pinsIn({ rules, mirror })).toEqual([
    { of: 'rules[1]', release: 'v1' },
    { of: 'mirror', release: 'v9' },
  ])
  expect(pinsIn({})).toEqual([])
})

it('they are idle while no instance of that release serves', () => {
  const traffic = { rules: [rule({ release: 'v1' }), rule({ release: 'v2' })], mirror }
  const instances = [instance('v1', 'draining'), instance('v2', 'serving')]
  expect(idlePins({ traffic, instances })).toEqual([
    { of: 'rules[0]', release: 'v1' },
    { of: 'mirror', release: 'v9' },
  ])
  expect(idlePins({ instances })).toEqual([])
})
