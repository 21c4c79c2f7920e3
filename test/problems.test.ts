import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const files = globSync('src/**/*.ts').filter((file) => !file.endsWith('.test.ts'))
const source = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
const page = readFileSync('docs/reference/problems.md', 'utf8')

/** Where the code is not written beside `new Problem`: it comes in, or stands in a table of the same file. */
const ELSEWHERE: Readonly<Record<string, RegExp | undefined>> = {
  // Callers of faultsProblem name it, and are looked at themselves.
  'src/config/fault.ts': undefined,
  'src/config/validate.ts': /\? '([a-z-]+)' : '([a-z-]+)'/g,
  'src/store/failure.ts': /\[\s*'([a-z-]+)',\s*'/g,
  // A Problem of another process is thrown again as it was.
  'src/api/client.ts': undefined,
  'src/cli/proxy-of.ts': undefined,
  'src/cli/detach.ts': undefined,
  'src/drivers/routers/embedded/client.ts': undefined,
  'src/drivers/routers/embedded/last-words.ts': undefined,
}

/** The first argument of every call that makes a Problem, by file. */
const made = [...source].flatMap(([file, text]) =>
  [...text.matchAll(/(?:new Problem|throw faultsProblem)\(\s*([^,()]+),/g)].map((match) => ({
    file,
    codes: [...(match[1] ?? '').matchAll(/'([a-z-]+)'/g)].map((code) => code[1] ?? ''),
  })),
)

const inTables = Object.entries(ELSEWHERE).flatMap(([file, table]) =>
  table ? [...(source.get(file) ?? '').matchAll(table)].flatMap((match) => match.slice(1)) : [],
)

const thrown = new Set([...made.flatMap(({ codes }) => codes), ...inTables])
const found = new Set(
  [...source]
    .filter(([file]) => file.startsWith('src/config/inspections/'))
    .flatMap(([, text]) => [...text.matchAll(/code: '([a-z-]+)'/g)].map((match) => match[1] ?? '')),
)

function listed(chapter: string): string[] {
  const text = page.split(/^## /m).filter((part) => part.startsWith('What `midflight check`'))
  const rows = chapter === 'check' ? text.join('') : page.replace(text.join(''), '')
  return [...rows.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1] ?? '')
}

const sorted = (codes: Iterable<string>) => [...codes].toSorted()

describe('docs/reference/problems.md', () => {
  it('lists every Problem that can be thrown, and no other', () => {
    expect(thrown.size).toBeGreaterThan(50)
    expect(sorted(listed('problems'))).toEqual(sorted(thrown))
  })

  it('lists everything that check can find, and nothing else', () => {
    expect(found.size).toBeGreaterThan(5)
    expect(sorted(listed('check'))).toEqual(sorted(found))
  })

  it('would notice a code that is written elsewhere', () => {
    const unnamed = made.filter(({ codes }) => codes.length === 0).map(({ file }) => file)
    expect(sorted(new Set(unnamed))).toEqual(sorted(Object.keys(ELSEWHERE)))
  })
})
