import type { CountryOf } from './country-data.ts'
import type { Read, SenderView } from './views.ts'

/** Reads the country of a client, looked up once a connection. */
export function readCountry(countryOf: CountryOf): Read {
  const known = new WeakMap<SenderView, { readonly country: string | undefined }>()
  return (_request, sender) => {
    let found = known.get(sender)
    if (!found) known.set(sender, (found = { country: countryOf(sender.address) }))
    return found.country
  }
}
