import { expect, it } from 'vitest'
import { foreignText } from './foreign-text.ts'

it('shows one printable line', () => {
  expect(foreignText(' two\r\nlines\u001B[31m and\u0000 more ', [])).toBe('two lines [31m and more')
})

it('is not longer than a reader wants', () => {
  expect(foreignText('x'.repeat(5_000), []).length).toBe(301)
})

it('hides secrets, the longer one first', () => {
  expect(foreignText('hunter2-and-more, hunter2', ['hunter2', 'hunter2-and-more'])).toBe('***, ***')
})

it('hides no text that is as short as a word', () => {
  expect(foreignText('port 80 is true', ['80', 'true', ''])).toBe('port 80 is true')
})
