import { isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml'
import { placeOf, type Source } from './source.ts'
import type { Fault } from './fault.ts'

export type Path = readonly PropertyKey[]

/** `['rollout', 'steps', 2]` is `rollout.steps[2]`. */
export function dotted(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1)
}

/** Where the value of a path begins; where it is missing, the key, or the mapping it should be in. */
export function positionOf(source: Source, path: Path): Pick<Fault, 'line' | 'column'> {
  const { key, value, within } = find(source, path)
  return placeOf(source, (hasText(value) ? value : (key ?? within))?.range?.[0] ?? 0)
}

/** Where the key of a path begins. */
export function keyPositionOf(source: Source, path: Path): Pick<Fault, 'line' | 'column'> {
  const { key, within } = find(source, path)
  return placeOf(source, (key ?? within)?.range?.[0] ?? 0)
}

/** The value of a path as the file shows it, before variables: `"three"`, `3`, `a list`. `undefined` when it is not there. */
export function writtenAt(source: Source, path: Path): string | undefined {
  const { key, value } = find(source, path)
  if (!key && !value) return undefined
  if (!hasText(value)) return 'empty'
  if (isMap(value)) return 'a mapping'
  if (isSeq(value)) return 'a list'
  const [from = 0, to = 0] = value.range ?? []
  const text = source.text.slice(from, to)
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return isScalar(value) && value.type === 'PLAIN' && typeof value.value === 'string'
    ? `"${short}"`
    : short
}

interface Found {
  readonly key?: Node | undefined
  readonly value?: Node | undefined
  /** The innermost node on the way that exists. */
  readonly within: Node | undefined
}

function find(source: Source, path: Path): Found {
  let found: Found = { value: source.document.contents ?? undefined, within: undefined }
  for (const part of path) {
    const parent = followed(source, found.value)
    const within = parent ?? found.within
    if (isMap(parent)) found = { ...pairIn(parent.items, part), within }
    else if (isSeq(parent)) found = { value: nodeOf(parent.items[Number(part)]), within }
    else return { within }
  }
  return found
}

function pairIn(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  name: PropertyKey,
): Pick<Found, 'key' | 'value'> {
  const pair = pairs.find(({ key }) => isScalar(key) && key.value === name)
  return { key: nodeOf(pair?.key), value: nodeOf(pair?.value) }
}

function followed(source: Source, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(source.document) : node
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined
}

/** `ready:` with nothing after it has a value, null, of no length. */
function hasText(value: Node | undefined): value is Node {
  return value !== undefined && !(isScalar(value) && value.range?.[0] === value.range?.[1])
}
