import { didYouMean } from './did-you-mean.ts'
import type { Fault } from './fault.ts'
import { knownKeys } from './known-keys.ts'
import { dotted, keyPositionOf, type Path } from './position.ts'
import type { Source } from './source.ts'

/** Keys that are decided and come with later versions. */
const LATER: readonly string[] = ['migrations', 'database', 'image', 'flags']

/** What other tools call it. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['name', 'service'],
  ['command', 'run'],
  ['cmd', 'run'],
  ['start', 'run'],
  ['port', 'listen'],
  ['replicas', 'instances'],
  ['health', 'ready'],
  ['healthcheck', 'ready'],
  ['deploy', 'rollout'],
  ['https', 'tls'],
  ['ssl', 'tls'],
  ['routes', 'rules'],
  ['affinity', 'sticky'],
  ['loadbalance', 'balance'],
  ['shadow', 'mirror'],
])

export type KeyFault = Fault & { readonly kind: 'unknown' | 'later' }

/** The fault of a key that does not belong in the mapping at `path`. */
export function unknownKey(source: Source, value: unknown, path: Path, key: string): KeyFault {
  const whole = dotted([...path, key])
  const place = { ...keyPositionOf(source, [...path, key]), key: whole }
  if (LATER.includes(whole)) {
    return {
      ...place,
      kind: 'later',
      message: `this version of Midflight does not know ${whole} yet`,
      hint: `Remove ${whole} from the file; it comes with a later version.`,
    }
  }
  const known = knownKeys(path, value)
  const within = path.length > 0 ? ` in ${dotted(path)}` : ''
  return {
    ...place,
    kind: 'unknown',
    message: `unknown key "${key}"${within}`,
    hint: `${guess(path, key, known)}Known here: ${known.join(', ')}.`,
  }
}

function guess(path: Path, key: string, known: readonly string[]): string {
  const strategy = path.join('.') === 'rollout' ? strategyOf(key, known) : undefined
  if (strategy) return `"${key}" belongs to strategy: ${strategy}. `
  const synonym = path.length === 0 ? SYNONYMS.get(key.toLowerCase()) : undefined
  const meant = synonym ?? didYouMean(key, known)
  return meant ? `Did you mean "${meant}"? ` : ''
}

function strategyOf(key: string, known: readonly string[]): string | undefined {
  if (known.includes(key)) return undefined
  return ['rolling', 'blue-green', 'canary'].find((strategy) =>
    knownKeys(['rollout'], { rollout: { strategy } }).includes(key),
  )
}
