import { describe, expect, it } from 'vitest'
import { shield, unshield } from './shield.ts'

describe('a shield', () => {
  it.each(['{ A: ${B} }', '[${A:-x, y}, $${B}]', 'a${B}c${D:-e: f #g}'])(
    'hides what is YAML in %j',
    (text) => {
      const hidden = shield(text)
      expect(hidden).not.toMatch(/\$\{/)
      expect(hidden.length).toBe(text.length)
      expect(unshield(hidden)).toBe(text)
    },
  )

  it.each(['$A', '${', '${a b}', '${A-x}', '{ "A": 1 }', 'caf\u00e9 \ue041 \u{1f680}'])(
    'leaves %j as it is',
    (text) => {
      expect(shield(text)).toBe(text)
      expect(unshield(text)).toBe(text)
    },
  )
})
