import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program } from '../src/cli/program.ts'
import { loadConfig } from '../src/config/load.ts'
import { writeCertificate } from './support/certificate-files.ts'
import { anchorsOf, blocksOf, pages, proseOf } from './support/markdown.ts'

const all = pages()

interface Link {
  readonly page: string
  readonly target: string
}

const links: Link[] = all.flatMap((page) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({
    page,
    target: match[1] ?? '',
  })),
)
const inner = links.filter(({ target }) => !/^[a-z]+:/.test(target))

/** The page an inner link leads to, and the place in it. */
function endOf({ page, target }: Link): { readonly file: string; readonly anchor?: string } {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  return anchor === undefined ? { file } : { file, anchor }
}

describe('the pages', () => {
  it('are found', () => {
    expect(all).toEqual(expect.arrayContaining(['README.md', 'docs/tutorial.md']))
    expect(inner.length).toBeGreaterThan(50)
  })

  it('link only to what is there', () => {
    const broken = inner.filter((link) => !existsSync(endOf(link).file))
    expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([])
  })

  it('link only to places that are in the page', () => {
    const broken = inner.filter((link) => {
      const { file, anchor } = endOf(link)
      return anchor !== undefined && !anchorsOf(file).includes(anchor)
    })
    expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([])
  })

  it('are all reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached)
      for (const link of inner.filter((each) => each.page === page)) {
        const { file } = endOf(link)
        reached.add(file.endsWith('.md') ? file : join(file, 'README.md'))
      }
    const lost = all.filter((page) => page.startsWith('docs/') && !reached.has(page))
    expect(lost).toEqual([])
  })

  it('name only verbs that exist', () => {
    const verbs = new Set(program().commands.map((command) => command.name()))
    const named = all.flatMap((page) =>
      [
        ...readFileSync(page, 'utf8').matchAll(/(?<![\w@/.-])midflight(?:\.js)? ([a-z][\w-]*)/g),
      ].map((match) => ({ page, verb: match[1] ?? '' })),
    )
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter(({ verb }) => !verbs.has(verb) && verb !== 'help')).toEqual([])
  })
})

describe('every midflight.yaml that is shown', () => {
  const shown = all.flatMap((page) =>
    blocksOf(page)
      .filter(({ language, text }) => language === 'yaml' && text.startsWith('service:'))
      .map(({ text }, index) => ({ name: `${page}, number ${index + 1}`, text })),
  )

  it('is found', () => {
    expect(shown.length).toBeGreaterThan(3)
  })

  it.each(shown)('in $name, can be loaded', async ({ text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'midflight-docs-'))
    const file = join(folder, 'midflight.yaml')
    writeFileSync(file, text)
    const certificates = text.matchAll(/cert: \.\/(\w+)\.pem/g)
    for (const name of new Set([...certificates].map((match) => match[1] ?? '')))
      writeCertificate(folder, name)
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const env = Object.fromEntries(names.map((name) => [name, 'something']))
    expect(await loadConfig(file, { env })).toHaveProperty('name')
  })
})

describe('the page of the API', () => {
  const source = readFileSync('src/api/routes.ts', 'utf8')
  const mounted = [...source.matchAll(/^\s+\.(get|post)\('([^']+)'/gm)]
  const direct = [...source.matchAll(/^\s*app\.(get|post)\('([^']+)'/gm)]
  const groups = [
    ...readFileSync('src/api/group-routes.ts', 'utf8').matchAll(/^\s+\.(get|post)\('([^']+)'/gm),
  ]
  const served = [
    ...groups.map(
      ([, method, path = '']) => `${method?.toUpperCase()} /v1/groups${path === '/' ? '' : path}`,
    ),
    ...mounted.map(([, method, path]) => `${method?.toUpperCase()} /v1/services/{service}${path}`),
    ...direct.map(([, method, path]) => `${method?.toUpperCase()} ${path}`),
  ].map((call) => call.replaceAll(/:(\w+)/g, '{$1}'))

  it('lists what is served, and nothing else', () => {
    const rows = readFileSync('docs/reference/api.md', 'utf8').matchAll(/^\| `([A-Z]+ [^`]+)` \|/gm)
    const listed = [...rows].map((match) => match[1] ?? '')
    const order = (calls: string[]) => calls.toSorted((a, b) => a.localeCompare(b))
    expect(served.length).toBeGreaterThan(10)
    expect(order(listed)).toEqual(order(served))
  })
})

describe('the page on hardening', () => {
  const page = readFileSync('docs/reference/hardening.md', 'utf8')
  const source = readFileSync('src/proxy/http1/rejection.ts', 'utf8')
  const codes = [...source.matchAll(/^ {2}(?:\d+: |\| )'([a-z-]+)',?$/gm)]
  const rows = page
    .split('\n## ')
    .filter((chapter) => chapter.startsWith('Reasons'))
    .flatMap((chapter) => [...chapter.matchAll(/^\| `([a-z-]+)` \|/gm)])
  const sorted = (matches: readonly RegExpMatchArray[]) =>
    matches.map((match) => match[1] ?? '').toSorted()

  it('lists every reason for a rejection once, and no other', () => {
    expect(codes.length).toBeGreaterThan(20)
    expect(sorted(rows)).toEqual(sorted(codes))
  })
})

describe('the decisions', () => {
  const files = readdirSync('docs/decisions').filter((file) => /^\d/.test(file))
  const index = readFileSync('docs/decisions/README.md', 'utf8')
  const titleOf = (file: string) =>
    /^# (.*)$/m.exec(readFileSync(join('docs/decisions', file), 'utf8'))?.[1] ?? ''

  it('are numbered without gaps or doubles, in their names and in their titles', () => {
    const numbers = files.toSorted().map((file) => Number(file.slice(0, 4)))
    expect(numbers).toEqual(files.map((_, at) => at + 1))
    for (const file of files)
      expect(titleOf(file)).toMatch(new RegExp(`^${Number(file.slice(0, 4))}\\. `))
  })

  it('stand in the index with their titles', () => {
    const listed = [...index.matchAll(/^(\d+)\. \[(.*)\]\((.*)\)$/gm)]
    const told = listed.map(([, number, title, file]) => [file, `${number}. ${title}`])
    expect(told).toEqual(files.toSorted().map((file) => [file, titleOf(file)]))
  })
})

/** What stands under a heading, up to the next one of any level. */
function chapter(page: string, heading: string): string {
  return readFileSync(page, 'utf8').split(`\n${heading}\n`)[1]?.split(/^#/m)[0] ?? ''
}

describe('every promise of the README', () => {
  const promises = chapter('README.md', '## What it promises').match(/^- .*$/gm) ?? []

  it('is linked to the test that holds it', () => {
    expect(promises.length).toBeGreaterThan(10)
    expect(promises.filter((promise) => !/^- \[[^\]]+\]\([^)]+\.test\.ts\)/.test(promise))).toEqual(
      [],
    )
  })
})

describe('the rooms inside the proxy', () => {
  const listed = chapter('ARCHITECTURE.md', '### Inside the proxy').matchAll(
    /^\| `([a-z\d]+)` \|/gm,
  )
  const there = readdirSync('src/proxy', { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  )

  it('all stand in ARCHITECTURE.md, and no others', () => {
    const rooms = [...listed].map((match) => match[1] ?? '')
    expect(rooms.toSorted()).toEqual(there.map((each) => each.name).toSorted())
  })
})
