import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const PAGE = 'docs/reference/scenarios.md'

/** Each test that the page names: what it is called, and where. */
const named = [...readFileSync(PAGE, 'utf8').matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)].map(
  ([, title = '', path = '']) => ({ title, path: join('docs/reference', path) }),
)

it('the page of scenarios names many', () => {
  expect(named.length).toBeGreaterThan(30)
})

it.each(named)('the scenario "$title" is a test, word for word', ({ title, path }) => {
  expect(existsSync(path)).toBe(true)
  expect(readFileSync(path, 'utf8')).toContain(title)
})
