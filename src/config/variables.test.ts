import { describe, expect, it } from 'vitest'
import { expand } from './variables.ts'

const values: Readonly<Record<string, string>> = { A: 'one', EMPTY: '', TRICKY: '${A} $& {x: 1}' }
const text = (written: string) => expand(written, (name) => values[name]).text

describe('a variable in a value', () => {
  it.each([
    ['${A}', 'one'],
    ['x${A}y${A}', 'xoneyone'],
    ['${NONE:-two words}', 'two words'],
    ['${A:-two}', 'one'],
    ['${EMPTY}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${NONE:-}', ''],
    ['$${A}', '${A}'],
    ['$A $ {A}', '$A $ {A}'],
  ])('%s becomes %j', (written, expected) => {
    expect(text(written)).toBe(expected)
  })

  it('is not looked for in what another variable holds', () => {
    expect(text('${TRICKY}')).toBe('${A} $& {x: 1}')
  })

  it('is named when it has no value', () => {
    expect(expand('${NONE} ${A} ${OTHER}', (name) => values[name]).unset).toEqual(['NONE', 'OTHER'])
  })

  it.each(['${', '${1A}', '${A-x}', '${A'])('is told from %j, which is none', (written) => {
    expect(expand(written, (name) => values[name]).malformed).toBe(1)
  })
})
