import { expect, it } from 'vitest'
import { pathShape } from './path-shape.ts'

it('is the same for all things of a kind', () => {
  expect(pathShape('/orders/17/items?page=2')).toBe('/orders/*/items')
  expect(pathShape('/users/6f1c0a52-88f6-4a7e/avatar')).toBe('/users/*/avatar')
  expect(pathShape('/files/a-name-that-no-route-would-ever-have.png')).toBe('/files/*')
  expect(pathShape('/')).toBe('/')
})

it('is short, however deep the path is', () => {
  expect(pathShape('/a/b/c/d/e/f/g')).toBe('/a/b/c/d/…')
})
