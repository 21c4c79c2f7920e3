import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { head, problemIn } from '../../test/support/load-text.ts'
import { gatesSchema } from './gates-schema.ts'

/** The gates of a file, or the faults in them, as `place: what`. */
function read(yaml: string): unknown {
  const result = gatesSchema.safeParse(parse(yaml))
  if (result.success) return result.data
  return result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

it('refuses to wait for the traffic of a worker', async () => {
  const problem = await problemIn(
    `${head}listen: false\nready: { alive: 1s }\nrollout: { gates: [{ traffic: 5 }] }\n`,
  )
  expect(problem.message).toContain('traffic must be left out with listen: false: it has none')
})

it('tells a fault with its place, and a word that is almost right', async () => {
  const problem = await problemIn(`${head}rollout:\n  gates:\n    - { comand: npm test }\n`)
  expect(problem.message).toMatch(/midflight\.yaml:\d+:\d+: /)
  expect(problem.message + problem.hint).toContain('command')
})

describe('rollout.gates', () => {
  it('reads a command with its defaults', () => {
    expect(read('[{ command: npm run smoke }]')).toEqual([
      {
        name: 'command',
        when: 'before',
        question: { kind: 'command', run: 'npm run smoke' },
        timeoutMs: 30_000,
        everyMs: 30_000,
        noAnswer: 'hold',
      },
    ])
  })

  it('reads when, where and how long', () => {
    const gate = '{ name: ci, when: during, at: 25%, every: 10s, timeout: 2s, no-answer: undo'
    expect(read(`[${gate}, webhook: "https://ci.example/gate" }]`)).toEqual([
      {
        name: 'ci',
        when: 'during',
        at: 2_500,
        question: { kind: 'webhook', url: 'https://ci.example/gate', headers: {} },
        timeoutMs: 2_000,
        everyMs: 10_000,
        noAnswer: 'undo',
      },
    ])
    expect(read('[{ command: a, at: end }, { command: b, at: start }]')).toMatchObject([
      { at: 10_000 },
      { at: 'start' },
    ])
  })

  it('reads a query, a person and a minimum of traffic', () => {
    const yaml = `
- { prometheus: { url: "http://prometheus:9090", query: up, max: 0.5 } }
- { approval: Ada }
- { traffic: 500, timeout: 1h }
`
    expect(read(yaml)).toMatchObject([
      { question: { kind: 'prometheus', query: 'up', max: 0.5 }, timeoutMs: 30_000 },
      { question: { kind: 'approval', of: 'Ada' } },
      { question: { kind: 'traffic', requests: 500 }, timeoutMs: 3_600_000 },
    ])
    expect(JSON.stringify(read('[{ approval: Ada }]'))).not.toContain('timeoutMs')
  })

  it('reads windows and freezes', () => {
    const yaml = `
- windows: [{ days: mon-thu, from: 09:00, to: 16:00, zone: Europe/Berlin }, { days: "fri-mon,wed", from: 22:00, to: 4:30 }]
  freezes: [{ from: 2026-12-20, to: 2027-01-02, why: holidays }]
`
    expect(read(yaml)).toMatchObject([
      {
        name: 'window',
        question: {
          windows: [
            { days: [1, 2, 3, 4], from: 540, to: 960, zone: 'Europe/Berlin' },
            { days: [0, 1, 3, 5, 6], from: 1_320, to: 270, zone: 'UTC' },
          ],
          freezes: [{ from: '2026-12-20', to: '2027-01-02', zone: 'UTC', why: 'holidays' }],
        },
      },
    ])
  })

  it('gives each gate without a name one of its own', () => {
    const yaml = '[{ command: a }, { command: b }, { name: mine, command: c }, { approval: d }]'
    expect(read(yaml)).toMatchObject([
      { name: 'command' },
      { name: 'command-2' },
      { name: 'mine' },
      { name: 'approval' },
    ])
  })

  const ONE =
    '0: must ask one thing: command, webhook, prometheus, approval, traffic, or windows and freezes'
  it.each([
    ['[{ name: none }]', ONE],
    ['[{ command: a, approval: b }]', ONE],
    ['[{ command: a, freezes: [{ from: 2026-12-20, to: 2026-12-21 }] }]', ONE],
    ['[{ approval: a, when: during }]', '0.when: must be before or after, where it waits'],
    ['[{ command: a, when: after, at: start }]', '0.at: must be a share or end'],
    ['[{ traffic: 5, at: start }]', '0.at: must be a share or end'],
    ['[{ name: a, command: x }, { name: a, command: y }]', '1.name: must be another name'],
    [
      '[{ name: command-2, command: x }, { command: y }, { command: z }]',
      '2.name: must be another',
    ],
    ['[{ command: a, at: 0% }]', '0.at: must be a share such as 25%, start or end'],
    ['[{ command: a, at: middle }]', '0.at: must be a share such as 25%, start or end'],
    ['[{ command: a, no-answer: pray }]', '0.no-answer: must be undo, hold or go-on'],
    ['[{ command: a, timeout: 0s }]', '0.timeout: must be a duration such as 30s'],
    ['[{ webhook: "ftp://ci.example" }]', '0.webhook: must be a URL'],
    ['[{ webhook: gate }]', '0.webhook: must be a URL'],
    ['[{ prometheus: { url: "http://p:9090", query: up } }]', '0.prometheus: must have min or max'],
    ['[{ windows: [{ from: 09:00, to: 09:00 }] }]', '0.windows.0.to: must be another time'],
    ['[{ windows: [{ from: 25:00, to: 09:00 }] }]', '0.windows.0.from: must be a time such as'],
    ['[{ windows: [{ days: someday, from: 8:00, to: 9:00 }] }]', '0.windows.0.days: must be days'],
    [
      '[{ windows: [{ from: 8:00, to: 9:00, zone: Mars }] }]',
      '0.windows.0.zone: must be a time zone',
    ],
    ['[{ freezes: [{ from: 2026-02-31, to: 2026-03-01 }] }]', '0.freezes.0.from: must be a day'],
    ['[{ freezes: [{ from: 2026-02-03, to: 2026-02-01 }] }]', '0.freezes.0.to: must not be before'],
    ['[{ freezes: [] }]', '0.freezes: must be a list such as'],
  ])('refuses %s', (yaml, fault) => {
    expect(read(yaml)).toEqual([expect.stringContaining(fault)])
  })
})
