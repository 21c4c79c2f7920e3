import { describe, expect, it } from 'vitest'
import { parseListen } from './listen.ts'

describe('where a service listens', () => {
  it.each([
    [8080, '0.0.0.0', 8080],
    ['8080', '0.0.0.0', 8080],
    [':8080', '0.0.0.0', 8080],
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['[::1]:443', '::1', 443],
    ['shop.internal:1', 'shop.internal', 1],
  ])('%s is %s port %d', (value, host, port) => {
    expect(parseListen(value)).toEqual({ host, port })
  })

  it.each(['', '0', '65536', 'localhost', 'localhost:', '::1:80', '1.5', 'a b:80', '-1'])(
    '%j is nowhere',
    (value) => {
      expect(parseListen(value)).toBeUndefined()
    },
  )
})
