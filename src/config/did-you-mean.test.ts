import { describe, expect, it } from 'vitest'
import { didYouMean } from './did-you-mean.ts'

const known = ['service', 'run', 'env', 'ready', 'instances', 'min-requests', 'up', 'head-timeout']

describe('did you mean', () => {
  it.each([
    ['servcie', 'service'],
    ['pready', 'ready'],
    ['instance', 'instances'],
    ['environment', 'env'],
    ['minRequests', 'min-requests'],
    ['HEAD_TIMEOUT', 'head-timeout'],
    ['rum', 'run'],
  ])('%s is near %s', (word, meant) => {
    expect(didYouMean(word, known)).toBe(meant)
  })

  it.each(['', '-', 'zebra', 'ab', 'on'])('%j is near nothing', (word) => {
    expect(didYouMean(word, known)).toBeUndefined()
  })

  it('prefers the nearest', () => {
    expect(didYouMean('steps', ['step', 'stops', 'steps-x', 'steps'])).toBe('steps')
  })
})
