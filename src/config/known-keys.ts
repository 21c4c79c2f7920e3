import { stringify } from 'yaml'
import type { Path } from './position.ts'
import { jsonSchema, type SchemaNode } from './schema-file.ts'

/** The keys that may stand in the mapping at a path of this value. In `rollout` they depend on its strategy. */
export function knownKeys(path: Path, value: unknown): readonly string[] {
  return [...new Set(nodesAt(path, value).flatMap((node) => Object.keys(node.properties ?? {})))]
}

/** The words that may stand at a path, where only some may: the strategies, the signals. */
export function knownWords(path: Path): readonly string[] {
  const words = nodesAt(path, undefined).flatMap((node) => node.enum ?? [node.const])
  return words.filter((word) => typeof word === 'string')
}

/** A right line for a path, such as `instances: 2`, from the schema's own examples and defaults, or for what it is in. */
export function exampleFor(path: Path): string | undefined {
  const key = path.at(-1)
  if (key === undefined) return undefined
  const nodes = typeof key === 'string' ? nodesAt(path, undefined) : []
  const example = nodes.map((node) => node.examples?.[0] ?? node.default).find(isTelling)
  if (example === undefined) return exampleFor(path.slice(0, -1))
  return stringify({ [String(key)]: example }, { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replace(/^\{ (.*) \}$/s, '$1')
}

/** All alternatives of the schema at a path; with a value, only those for the strategy it names. */
function nodesAt(path: Path, value: unknown): SchemaNode[] {
  let nodes = alternatives(jsonSchema(), value)
  let at = value
  for (const part of path) {
    at = (at as Record<PropertyKey, unknown> | null | undefined)?.[part]
    nodes = nodes
      .map((node) => (typeof part === 'number' ? node.items : node.properties?.[String(part)]))
      .filter((node) => node !== undefined)
      .flatMap((node) => alternatives(node, at))
  }
  return nodes
}

function alternatives(node: SchemaNode, value: unknown): SchemaNode[] {
  const choices = node.oneOf ?? node.anyOf
  if (!choices) return [node]
  const strategy = strategyIn(value)
  const chosen = choices.filter((choice) => choice.properties?.['strategy']?.const === strategy)
  const { oneOf: _, anyOf: __, ...itself } = node
  return [itself, ...(chosen.length > 0 ? chosen : choices)]
}

function strategyIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return 'strategy' in value ? value.strategy : 'rolling'
}

function isTelling(example: unknown): boolean {
  return example !== undefined && JSON.stringify(example) !== '{}'
}
