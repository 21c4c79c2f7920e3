import { expect, it } from 'vitest'
import type { Condition } from '../core/rule.ts'
import { unreachableRules } from './unreachable-rules.ts'

const beta: Condition = { header: { 'x-beta': { kind: 'exact', value: '1' } } }
const found = (...whens: Condition[]) =>
  unreachableRules(whens.map((when) => ({ when, to: 'candidate' })))

it('a rule with the same condition as an earlier one never decides', () => {
  expect(found(beta, { methods: ['GET'] }, { ...beta })).toEqual([{ index: 2, earlier: 0 }])
})

it('nor does one that asks for more than an earlier one', () => {
  expect(found(beta, { ...beta, path: { kind: 'prefix', value: '/new' } })).toHaveLength(1)
  expect(found({ methods: ['GET', 'POST'] }, { methods: ['POST'] })).toHaveLength(1)
})

it('nor does one whose values an earlier one takes all', () => {
  const path = (kind: 'exact' | 'prefix', value: string) => ({ path: { kind, value } })
  expect(found(path('prefix', '/a'), path('exact', '/a'))).toHaveLength(1)
  expect(found(path('prefix', '/a'), path('prefix', '/a/b'))).toHaveLength(1)
  expect(found({ header: { 'x-beta': { kind: 'present' } } }, beta)).toHaveLength(1)
  expect(found({ path: { kind: 'present' } }, beta)).toHaveLength(1)
})

it('one that asks for less, or for something else, does', () => {
  expect(found({ ...beta, methods: ['GET'] }, beta)).toEqual([])
  expect(found({ methods: ['POST'] }, { methods: ['GET', 'POST'] })).toEqual([])
  expect(found(beta, { header: { 'x-beta': { kind: 'exact', value: '2' } } })).toEqual([])
  expect(found(beta, { cookie: { 'x-beta': { kind: 'exact', value: '1' } } })).toEqual([])
  const path = (kind: 'exact' | 'prefix' | 'pattern', value: string) => ({ path: { kind, value } })
  expect(found(path('exact', '/a'), path('prefix', '/a'))).toEqual([])
  expect(found(path('prefix', '/a/'), path('exact', '/a'))).toEqual([])
  expect(found(path('prefix', '/a'), path('pattern', '^/a'))).toEqual([])
  expect(found({ header: { 'x-beta': { kind: 'present' } } }, { methods: ['GET'] })).toEqual([])
})
