import { expect, it } from 'vitest'
import { outsideValidity } from './outside-validity.ts'

const certificate = {
  validFromDate: new Date('2026-01-01T00:00:00Z'),
  validToDate: new Date('2026-02-01T00:00:00Z'),
}
const at = (date: string) => outsideValidity(certificate, Date.parse(date))

it('a certificate is refused before its days and after them', () => {
  expect(at('2025-12-31T23:59:59Z')).toBe('is not valid before 2026-01-01')
  expect(at('2026-01-01T00:00:00Z')).toBeUndefined()
  expect(at('2026-01-31T23:59:59Z')).toBeUndefined()
  expect(at('2026-02-01T00:00:00Z')).toBe('is not valid since 2026-02-01')
})
