import { expect, it } from 'vitest'
import { recordPages } from './record-pages.ts'

it('gives every entry once and in order, and holds a bounded number of them', async () => {
  const all = Array.from({ length: 250 }, (_, at) => ({ seq: 3 * at + 1 }))
  const sizes: number[] = []
  const given: { readonly seq: number }[] = []
  const pages = recordPages((after, most) => all.filter(({ seq }) => seq > after).slice(0, most))
  for await (const page of pages) {
    sizes.push(page.length)
    given.push(...page)
  }
  expect(given).toEqual(all)
  expect(sizes).toEqual([100, 100, 50])
})

it('gives nothing where there is nothing', async () => {
  for await (const page of recordPages(() => [])) expect(page).toBeUndefined()
})
