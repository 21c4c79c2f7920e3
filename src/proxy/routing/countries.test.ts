import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { countryFile } from '../../../test/support/country-file.ts'
import { Countries } from './countries.ts'
import { readCountry } from './read-country.ts'

const problem = expect.objectContaining({ code: 'country-data-unreadable' })

it('knows the country of an address by a MaxMind file', () => {
  const path = fileWith(countryFile({ '192.0.2.0/24': 'DE', '198.51.100.0/25': 'FR' }))
  const countryOf = new Countries().from(path)
  expect(countryOf('192.0.2.200')).toBe('DE')
  expect(countryOf('198.51.100.1')).toBe('FR')
  expect(countryOf('198.51.100.200')).toBeUndefined()
})

it('reads a file anew when it was replaced, and not before', () => {
  const path = fileWith(countryFile({ '192.0.2.0/24': 'DE' }))
  const countries = new Countries()
  const first = countries.from(path)
  expect(countries.from(path)).toBe(first)
  rmSync(path)
  writeFileSync(path, countryFile({ '192.0.0.0/16': 'SE' }))
  expect(countries.from(path)('192.0.2.1')).toBe('SE')
})

it('refuses a file that is missing, and one that is none', () => {
  expect(() => new Countries().from('/nowhere/at-all.mmdb')).toThrow(problem)
  expect(() => new Countries().from('/nowhere/at-all.mmdb')).toThrow('/nowhere/at-all.mmdb')
  const path = fileWith(Buffer.from('<html>please log in</html>'))
  expect(() => new Countries().from(path)).toThrow(problem)
})

it('knows countries without a file, by the data of the package', () => {
  const countryOf = new Countries().from(undefined)
  expect(countryOf('8.8.8.8')).toBe('US')
  expect(countryOf('127.0.0.1')).toBeUndefined()
})

it('looks a client up once, however many requests it sends', () => {
  let asked = 0
  const read = readCountry(() => {
    asked += 1
    return undefined
  })
  const request = { method: 'GET', target: '/', host: 'a', fields: '' }
  const [one, other] = [sender(), sender()]
  for (const each of [one, one, other, one]) read(request, each)
  expect(asked).toBe(2)
})

const sender = () => ({ address: '192.0.2.1', secure: false })

function fileWith(bytes: Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'countries-')), 'country.mmdb')
  writeFileSync(path, bytes)
  return path
}
