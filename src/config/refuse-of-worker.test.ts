import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'

describe('a worker', () => {
  it('has no address and no traffic, and is ready when it has lived for a while', async () => {
    const spec = await loadText(`${head}listen: false\n`)
    expect(spec).not.toHaveProperty('listen')
    expect(spec).not.toHaveProperty('traffic')
    expect(spec.ready.aliveMs).toBe(5_000)
  })

  it('may say for how long', async () => {
    const spec = await loadText(`${head}listen: false\nready: { alive: 1m }\n`)
    expect(spec.ready.aliveMs).toBe(60_000)
  })

  it.each([
    ['ready: /readyz', 'ready must be a mapping such as { alive: 5s } with listen: false'],
    ['ready: { check: tcp }', 'ready must be a mapping such as { alive: 5s }'],
    ['rollout: { strategy: canary }', 'rollout.strategy must be rolling with listen: false'],
    ['rollout: { strategy: blue-green }', 'rollout.strategy must be rolling with listen: false'],
    ['sticky: cookie', 'sticky must be left out with listen: false'],
    ['mirror: {}', 'mirror must be left out with listen: false'],
    ['tls: { cert: a.pem, key: b.pem }', 'tls must be left out with listen: false'],
    ['rules: [{ when: { path: / }, to: candidate }]', 'rules must be left out with listen: false'],
  ])('has nothing that is for traffic: %s', async (line, message) => {
    expect((await problemIn(`${head}listen: false\n${line}\n`)).message).toContain(message)
  })

  it('alone is told how long it must live', async () => {
    const problem = await problemIn(`${head}ready: { alive: 5s }\n`)
    expect(problem.message).toContain('ready.alive must be left out where users reach the service')
    expect(problem.hint).toContain('listen: false')
  })
})
