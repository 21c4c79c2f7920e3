import { describe, expect, it } from 'vitest'
import { askedFor, pick } from './bench-arguments.ts'

describe('what the bench is asked for', () => {
  it('is everything, five rounds of five seconds, unless said', () => {
    const all = { json: false, cases: [], proxies: [], runs: 5, seconds: 5 }
    expect(askedFor(['proxy'])).toEqual(all)
  })

  it('may name several cases and proxies', () => {
    const words = 'proxy --json --case tls --case h2 --proxy nginx --runs 1 --seconds 2'.split(' ')
    const asked = { json: true, cases: ['tls', 'h2'], proxies: ['nginx'], runs: 1, seconds: 2 }
    expect(askedFor(words)).toEqual(asked)
  })

  it.each([
    [[], 'there are two benches'],
    [['disk'], 'there are two benches'],
    [['proxy', '--fast'], "Unknown option '--fast'"],
    [['proxy', '--runs', '0'], '--runs is "0"'],
    [['proxy', '--seconds', '1.5'], '--seconds is "1.5"'],
  ])('is refused when it is %j', (words, message) => {
    expect(() => askedFor(words)).toThrow(message)
  })

  it('names those there are when a name is unknown', () => {
    const all = [{ name: 'tls' }, { name: 'h2' }]
    expect(() => pick('case', all, ['tsl'])).toThrow('no case is named tsl; there are tls, h2')
  })
})
