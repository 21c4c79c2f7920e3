import { userInfo } from 'node:os'
import { Option } from 'commander'

/** Who asks, for the record. */
export function asker(): Option {
  return new Option(
    '--by <name>',
    'who asks, for the record (default: MIDFLIGHT_BY, or your user name)',
  )
}

/** As it goes into a request. */
export function askedBy({ by }: { readonly by?: string }): { readonly by: string } {
  const [name] = [by, process.env['MIDFLIGHT_BY']].filter((each) => each?.trim())
  return { by: (name?.trim() ?? userName()).slice(0, 100) }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in /etc/passwd, as in a container, has only a number.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
