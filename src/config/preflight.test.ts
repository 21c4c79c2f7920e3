import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'

describe('preflight', () => {
  it('refuses a deploy only for what surely hurts, unless the file says more', async () => {
    expect((await loadText(head)).preflight).toEqual({
      rollback: 'warn',
      tests: 'warn',
      branch: 'warn',
      health: 'warn',
      sigterm: 'warn',
      memory: 'error',
      disk: 'warn',
      traffic: 'warn',
    })
  })

  it('takes a level for each check', async () => {
    const { preflight } = await loadText(`${head}preflight: { sigterm: error, memory: off }`)
    expect(preflight).toMatchObject({ sigterm: 'error', memory: 'off', tests: 'warn' })
  })

  it.each([
    ['{ sigterm: maybe }', 'preflight.sigterm must be error, warn or off, is "maybe"'],
    ['{ sigterm: false }', 'preflight.sigterm must be error, warn or off, is false'],
    ['off', 'preflight must be a mapping such as { sigterm: error, branch: off }, is "off"'],
    ['{ sigtrem: warn }', 'unknown key "sigtrem" in preflight'],
  ])('refuses %s with its place', async (text, message) => {
    const thrown = await problemIn(`${head}preflight: ${text}`)
    expect(thrown.code).toBe('config-invalid')
    expect(thrown.message).toContain(message)
  })
})
