import { expect, it } from 'vitest'
import type { Condition, Rule } from '../../core/rule.ts'
import { readHeader } from './read-request.ts'
import { readyRules, ruleFor } from './rules.ts'

const tools = {
  user: readHeader('x-user'),
  country: () => () => 'DE',
}

const REQUEST = {
  method: 'GET',
  target: '/shop/cart?beta=1&name=a%20b',
  host: 'shop.example',
  fields: 'User-Agent: iPhone\r\nX-User: ann\r\nCookie: group=new; a=1\r\n',
}
const SENDER = { address: '2001:db8::7', secure: false }

const matches = (when: Condition, request = REQUEST) =>
  ruleFor(readyRules([{ when, to: 'stable' }], {}, tools), request, SENDER) !== undefined

it.each<[string, Condition]>([
  ['a header', { header: { 'user-agent': { kind: 'pattern', value: 'IPHONE' } } }],
  ['the host', { header: { Host: { kind: 'exact', value: 'shop.example' } } }],
  ['a cookie', { cookie: { group: { kind: 'exact', value: 'new' } } }],
  ['a parameter of the query', { query: { name: { kind: 'exact', value: 'a b' } } }],
  ['the path', { path: { kind: 'prefix', value: '/shop/' } }],
  ['the whole path', { path: { kind: 'exact', value: '/shop/cart' } }],
  ['the method', { methods: ['HEAD', 'GET'] }],
  ['the address', { clients: ['10.0.0.0/8', '2001:db8::/32'] }],
  ['the country', { countries: ['fr', 'de'] }],
  ['the user', { users: ['bob', 'ann'] }],
  ['nothing at all', {}],
])('a rule may ask for %s', (_name, when) => {
  expect(matches(when)).toBe(true)
})

it.each<[string, Condition]>([
  ['a header that is missing', { header: { 'x-beta': { kind: 'present' } } }],
  ['another case of a value', { cookie: { group: { kind: 'exact', value: 'NEW' } } }],
  ['the path with its query', { path: { kind: 'pattern', value: 'beta' } }],
  ['another method', { methods: ['POST'] }],
  ['another address', { clients: ['2001:db9::/32'] }],
  ['another user', { users: ['bob'] }],
])('a rule for %s does not match', (_name, when) => {
  expect(matches(when)).toBe(false)
})

it('matches only when all of its parts do', () => {
  const path = { kind: 'prefix', value: '/shop' } as const
  expect(matches({ path, methods: ['GET'], users: ['ann'] })).toBe(true)
  expect(matches({ path, methods: ['GET'], users: ['bob'] })).toBe(false)
})

it('means the releases of now by candidate and stable', () => {
  const rules: Rule[] = [
    { when: {}, to: 'candidate' },
    { when: {}, to: 'stable' },
    { when: {}, to: { release: 'v7' } },
  ]
  const releases = (roles: object) => readyRules(rules, roles, tools).map(({ release }) => release)
  expect(releases({ stable: 'v1', candidate: 'v2' })).toEqual(['v2', 'v1', 'v7'])
  expect(releases({ stable: 'v1' })).toEqual([undefined, 'v1', 'v7'])
})

it.each<[string, Condition]>([
  ['rules[1].when.path', { path: { kind: 'pattern', value: '(' } }],
  ['rules[1].when.header.x-beta', { header: { 'x-beta': { kind: 'pattern', value: '(?=a)' } } }],
  ['rules[1].when.client', { clients: ['10.0.0.0/40'] }],
])('a rule that cannot be obeyed is refused with its place: %s', (place, when) => {
  const rules: Rule[] = [
    { when: {}, to: 'stable' },
    { when, to: 'stable' },
  ]
  const refused = expect.objectContaining({
    code: 'route-faulty',
    data: expect.objectContaining({ place }),
  })
  expect(() => readyRules(rules, {}, tools)).toThrow(refused)
})

it('asks for no country data when no rule does', () => {
  const country = (): never => {
    throw new Error('asked')
  }
  expect(() =>
    readyRules([{ when: { users: ['ann'] }, to: 'stable' }], {}, { ...tools, country }),
  ).not.toThrow()
})
