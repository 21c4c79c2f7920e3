import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Who may import whom; its own room always. ARCHITECTURE.md shows this table, and a test below holds them equal. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  lib: [],
  strategies: ['core'],
  steps: ['core'],
  preflight: ['core'],
  judge: ['core'],
  engine: ['core', 'lib'],
  proxy: ['core', 'lib'],
  store: ['core', 'lib'],
  config: ['core', 'lib'],
  'drivers/runtimes/process': ['core', 'lib'],
  'drivers/routers/embedded': ['core', 'lib', 'proxy'],
  'drivers/notifiers/webhook': ['core', 'lib'],
  'drivers/notifiers/slack': ['core', 'lib'],
  'drivers/notifiers/email': ['core', 'lib'],
  'drivers/gates/approval': ['core', 'lib'],
  'drivers/gates/command': ['core', 'lib'],
  'drivers/gates/prometheus': ['core', 'lib'],
  'drivers/gates/webhook': ['core', 'lib'],
  'drivers/gates/window': ['core', 'lib'],
  prove: ['core', 'lib'],
  api: ['core', 'engine', 'config', 'lib'],
  cli: ['core', 'config', 'api', 'prove', 'lib'],
  app: [
    'core',
    'lib',
    'strategies',
    'steps',
    'judge',
    'preflight',
    'engine',
    'proxy',
    'store',
    'config',
    'api',
    'drivers/runtimes/process',
    'drivers/routers/embedded',
    'drivers/notifiers/webhook',
    'drivers/notifiers/slack',
    'drivers/notifiers/email',
    'drivers/gates/approval',
    'drivers/gates/command',
    'drivers/gates/prometheus',
    'drivers/gates/webhook',
    'drivers/gates/window',
  ],
  bench: ['core', 'lib', 'judge', 'proxy', 'prove', 'drivers/routers/embedded'],
}

/** The npm packages a room may use. */
const packages: Readonly<Record<string, readonly string[]>> = {
  config: ['zod', 'yaml', 're2js'],
  proxy: ['acme-client', 'geoip-country', 'maxmind', 're2js'],
  api: ['hono', '@hono/node-server', 'zod'],
  cli: ['commander'],
  app: ['pino'],
  'drivers/notifiers/email': ['nodemailer'],
}

/** Rooms that touch no built-in of Node: time, disks and sockets arrive as ports. */
const pure = ['core', 'strategies', 'steps', 'judge', 'engine']

interface Import {
  readonly from: string
  readonly to: string
  readonly lazy: boolean
}

const files = globSync('{src,bench}/**/*.ts').filter((file) => !file.endsWith('.test.ts'))

function roomOf(file: string): string {
  if (file.startsWith('bench/')) return 'bench'
  const inside = relative('src', file)
  if (inside === 'app.ts' || inside.startsWith('app/')) return 'app'
  const parts = dirname(inside).split('/')
  return parts[0] === 'drivers' ? parts.slice(0, 3).join('/') : (parts[0] ?? '')
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')
  const fixed = [
    ...source.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]/g),
  ]
  const bare = [...source.matchAll(/(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g)]
  const lazy = [...source.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)]
  const found = (matches: RegExpMatchArray[], isLazy: boolean) =>
    matches.map((match) => ({ from: file, to: match[1] ?? '', lazy: isLazy }))
  return [...found(fixed, false), ...found(bare, false), ...found(lazy, true)]
}

const resolved = (entry: Import) => join(dirname(entry.from), entry.to)
const imports = files.flatMap(importsOf)
const inner = imports.filter((entry) => entry.to.startsWith('.'))

function allowed(entry: Import): boolean {
  const [from, to] = [roomOf(entry.from), roomOf(resolved(entry))]
  if (from === to || arrows[from]?.includes(to)) return true
  // The command line loads the composition root only when it becomes the controller.
  return from === 'cli' && to === 'app' && entry.lazy
}

describe('the arrows', () => {
  it('were looked for in real files', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(inner.length).toBeGreaterThan(20)
  })

  it('know every room', () => {
    expect(files.filter((file) => !(roomOf(file) in arrows))).toEqual([])
  })

  it('are the only ones', () => {
    const extra = inner
      .filter((entry) => !allowed(entry))
      .map((entry) => `${entry.from} → ${entry.to}`)
    expect(extra).toEqual([])
  })

  it('reach only the packages of their room', () => {
    const foreign = imports.filter(
      (entry) => !entry.to.startsWith('.') && !entry.to.startsWith('node:'),
    )
    const extra = foreign.filter((entry) => {
      const name = entry.to
        .split('/')
        .slice(0, entry.to.startsWith('@') ? 2 : 1)
        .join('/')
      return !packages[roomOf(entry.from)]?.includes(name)
    })
    expect(extra.map((entry) => `${entry.from} → ${entry.to}`)).toEqual([])
  })

  it('keep the pure rooms free of Node', () => {
    const touched = imports.filter(
      (entry) => entry.to.startsWith('node:') && pure.includes(roomOf(entry.from)),
    )
    expect(touched.map((entry) => `${entry.from} → ${entry.to}`)).toEqual([])
  })

  it('form no circle between files', () => {
    expect(circleIn(inner)).toBeUndefined()
  })
})

describe('the table in ARCHITECTURE.md', () => {
  const cells = (row: string) => row.split('|').map((cell) => cell.trim())
  const names = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
  const rows = readFileSync('ARCHITECTURE.md', 'utf8')
    .split('### The arrows')[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map(cells)
  const told = (cell: number) =>
    Object.fromEntries(rows.map((row) => [names(row[1])[0] ?? '', names(row[cell])]))

  it('has the same arrows', () => {
    expect(told(2)).toEqual(arrows)
  })

  it('has the same packages', () => {
    const none = Object.fromEntries(Object.keys(arrows).map((room) => [room, []]))
    expect(told(4)).toEqual({ ...none, ...packages })
  })

  it('has the same pure rooms', () => {
    const isPure = rows.filter((row) => row[3] === 'no').map((row) => names(row[1])[0] ?? '')
    expect(isPure.toSorted()).toEqual(pure.toSorted())
  })
})

describe('the size of things', () => {
  const lengths = files
    .map((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length)
    .toSorted((a, b) => a - b)

  it('has a median file of at most 80 lines', () => {
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(80)
  })
})

function circleIn(edges: readonly Import[]): string[] | undefined {
  const next = Map.groupBy(edges, (edge) => edge.from)
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const edge of next.get(file) ?? []) {
      const circle = visit(resolved(edge), [...path, file])
      if (circle) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of next.keys()) {
    const circle = visit(file, [])
    if (circle) return circle
  }
  return undefined
}
