import { Countries } from './countries.ts'
import type { RoutingTools } from './routing.ts'

/** The tools of one process. Country data is read when it is asked for first, and then shared by all services. */
export function toolsWith(key: Buffer): RoutingTools {
  const countries = new Countries()
  return { key, countries: (file) => countries.from(file) }
}
