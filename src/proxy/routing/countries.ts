import { statSync } from 'node:fs'
import { countriesFrom, type CountryOf, packagedCountries } from './country-data.ts'

interface Loaded {
  readonly stamp: string
  readonly countryOf: CountryOf
}

/** The country data of this process: each file is read once, however many services ask, and anew when it has changed. */
export class Countries {
  readonly #files = new Map<string, Loaded>()

  /** Throws `country-data-unreadable`. Without a file: the data of the package. */
  from(file: string | undefined): CountryOf {
    if (file === undefined) return packagedCountries()
    const stamp = stampOf(file)
    const known = this.#files.get(file)
    if (known?.stamp === stamp) return known.countryOf
    const countryOf = countriesFrom(file)
    this.#files.set(file, { stamp, countryOf })
    return countryOf
  }
}

/** Another one when the file was replaced. A file that is not there has none, and cannot be read either. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : ''
}
