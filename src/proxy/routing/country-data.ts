import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type CountryResponse, Reader } from 'maxmind'
import { Problem } from '../../core/problem.ts'

/** The country of an address, two letters in upper case (ISO 3166-1), where it is known. */
export type CountryOf = (address: string) => string | undefined

/** The part of the package `geoip-country` that is used; it brings no types. */
interface GeoipCountry {
  lookup(address: string): { readonly country?: string } | null
}

/** Reads a MaxMind file (`.mmdb`) whole into memory. Throws `country-data-unreadable`. */
export function countriesFrom(path: string): CountryOf {
  try {
    const reader = new Reader<CountryResponse>(readFileSync(path))
    return (address) => reader.get(address)?.country?.iso_code
  } catch (cause) {
    throw unreadable(
      `the country file ${path} cannot be used`,
      'Give a MaxMind file with countries, such as GeoLite2-Country.mmdb, under `geo`.',
      cause,
    )
  }
}

/**
 * The data of the package `geoip-country`: 8 MB, read when this is called for the first time, so that only those pay
 * for it who ask for countries. It includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com.
 * Throws `country-data-unreadable` where the package was left out.
 */
export function packagedCountries(): CountryOf {
  try {
    const geoip = createRequire(import.meta.url)('geoip-country') as GeoipCountry
    return (address) => geoip.lookup(address)?.country
  } catch (cause) {
    throw unreadable(
      'the country data of the package geoip-country cannot be loaded',
      'Install it beside midflight (npm install geoip-country), or give a file under `geo`.',
      cause,
    )
  }
}

function unreadable(what: string, hint: string, cause: unknown): Problem {
  const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
  return new Problem('country-data-unreadable', { message: `${what}: ${why}`, hint, cause })
}
