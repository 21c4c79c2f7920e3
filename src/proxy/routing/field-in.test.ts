import { expect, it } from 'vitest'
import { cookiesIn } from './cookies-in.ts'
import { fieldIn } from './field-in.ts'

const LINES =
  'User-Agent: test\r\nX-Group:  a \r\nCookie: one=1; two=2\r\nx-group: b\r\ncookie: one=3;four=\r\n'

it('finds a field whatever its case', () => {
  expect(fieldIn(LINES, 'user-agent')).toBe('test')
})

it('finds no field whose name only begins or ends like it', () => {
  expect(fieldIn(LINES, 'user')).toBeUndefined()
  expect(fieldIn(LINES, 'agent')).toBeUndefined()
  expect(fieldIn('X-Other: x-group: b\r\n', 'x-group')).toBeUndefined()
})

it('reads the lines of one field as one list', () => {
  expect(fieldIn(LINES, 'x-group')).toBe('a, b')
})

it('tells an empty field from none', () => {
  expect(fieldIn('X-Group:\r\n', 'x-group')).toBe('')
  expect(fieldIn('', 'x-group')).toBeUndefined()
})

it('finds cookies over several lines, in their order', () => {
  expect(cookiesIn(LINES, 'one')).toEqual(['1', '3'])
  expect(cookiesIn(LINES, 'two')).toEqual(['2'])
  expect(cookiesIn(LINES, 'four')).toEqual([''])
  expect(cookiesIn(LINES, 'on')).toEqual([])
})

it('takes no cookie out of the value of another', () => {
  expect(cookiesIn('Cookie: a=one=1; b=x\r\n', 'one')).toEqual([])
})
