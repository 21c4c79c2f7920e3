import { isAlive, type ProcessIdentity } from '../../../lib/process-identity.ts'
import { processes, wasStartedWith, type ProcessEntry } from './proc.ts'

/** A process that was started here, and all it started. */
export interface Family {
  /** Stands in the environment of each of them as `TOKEN`. */
  readonly token: string
  /** The first of them, which leads a session and a group of its own. Unset when it was never learned. */
  readonly first?: ProcessIdentity
}

/** The name of the token in an environment. */
export const TOKEN = 'MIDFLIGHT_START_TOKEN'

/**
 * Everyone of the family who lives now: whoever carries the token, and whoever is in a session that is surely ours.
 * Each way finds what the other misses: a daemon leaves the session, `env -i` loses the token.
 * A session is surely ours while one in it is: the kernel gives its number to nobody else until the last has left.
 */
export function familyMembers(family: Family): ProcessEntry[] {
  const all = processes().filter((entry) => entry.pid !== process.pid)
  const mark = `${TOKEN}=${family.token}`
  const marked = new Set(all.filter((entry) => wasStartedWith(entry.pid, mark)))
  const sessions = new Set(
    [...marked].filter((entry) => entry.pid === entry.session).map((entry) => entry.session),
  )
  const { first } = family
  const holdsSession = () => [...marked].some((entry) => entry.session === first?.pid)
  if (first && (isAlive(first) || holdsSession())) sessions.add(first.pid)
  return all.filter((entry) => marked.has(entry) || sessions.has(entry.session))
}

/** The first of a family that was started but never written down, found by its token. Linux only. */
export function firstOfFamily(token: string): ProcessIdentity | undefined {
  const [first] = processes()
    .filter((entry) => entry.pid === entry.session)
    .filter((entry) => wasStartedWith(entry.pid, `${TOKEN}=${token}`))
    .toSorted((a, b) => Number(a.started) - Number(b.started) || a.pid - b.pid)
  return first && { pid: first.pid, started: first.started }
}
