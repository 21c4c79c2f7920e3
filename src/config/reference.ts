import { stringify } from 'yaml'
import { jsonSchema, type SchemaNode } from './schema-file.ts'

const INTRODUCTION = `# midflight.yaml

Two lines are enough: \`service\` and \`run\`. Everything else has a default. This page is generated from the schema that
Midflight checks the file with; \`schema.json\` in the package lets editors check it while you type.

- A duration is \`500ms\`, \`30s\`, \`5m\`, \`1h\`, \`1m30s\` or \`365d\`. A share is \`5%\` or \`0.01%\`. A size is \`32KiB\`, \`64MiB\`, \`1GiB\` or \`5MB\`.
- \`\${VAR}\` is replaced by the variable of that name, from the environment or from \`.env\` beside the file; the environment
  wins. \`\${VAR:-default}\` has a default, \`$\${\` is a plain \`\${\`. A variable that is not set is an error. In \`run\` and \`build\`
  the shell replaces it, so that no secret becomes part of a command, and \`PORT\` is each instance's own.
- An unknown key is an error.
`

type Keys = readonly (readonly [string, SchemaNode])[]

/** The text of the committed `docs/reference/midflight-yaml.md`: every key, its default, and what it is for. */
export function referencePage(): string {
  const required = jsonSchema().required ?? []
  const top = Object.entries(jsonSchema().properties ?? {})
  const chapters = [
    chapter('The keys', top, required),
    ...top.flatMap(([key, node]) => chaptersWithin(key, node)),
  ]
  // Strategies share keys: what is said once is not said again.
  return [INTRODUCTION, ...new Set(chapters)].join('\n')
}

/** A mapping inside a mapping, or in a list of them, has a chapter of its own. */
function chaptersWithin(key: string, node: SchemaNode): string[] {
  const lists = [node, ...(node.anyOf ?? [])].flatMap(({ items }) => (items ? [items] : []))
  const mappings = [node, ...lists].flatMap((each) => [
    each,
    ...(each.anyOf ?? []),
    ...(each.oneOf ?? []),
  ])
  return mappings.flatMap((mapping) => {
    if (mapping.properties === undefined) return []
    const strategy = mapping.properties['strategy']?.const
    const title =
      typeof strategy !== 'string' ? `\`${key}\`` : `\`${key}\` with \`strategy: ${strategy}\``
    const keys = Object.entries(mapping.properties)
    return [
      chapter(title, keys, mapping.required ?? []),
      ...keys.flatMap(([inner, each]) => chaptersWithin(`${key}.${inner}`, each)),
    ]
  })
}

function chapter(title: string, keys: Keys, required: readonly string[]): string {
  const rows = keys.map(([key, node]) => {
    const usual = required.includes(key) ? 'required' : usualOf(node)
    return `| \`${key}\` | ${usual} | ${node.description ?? ''}${allowed(node)} |`
  })
  return [`## ${title}`, '', '| key | default | meaning |', '|---|---|---|', ...rows, ''].join('\n')
}

function usualOf(node: SchemaNode): string {
  if (node.default === undefined) return 'none'
  if (JSON.stringify(node.default) === '{}')
    return node.oneOf || node.anyOf || node.properties ? 'see below' : 'none'
  return `\`${stringify(node.default, { collectionStyle: 'flow' }).trim()}\``
}

function allowed(node: SchemaNode): string {
  if (node.enum) return `: ${node.enum.map((word) => `\`${String(word)}\``).join(', ')}`
  if (node.minimum !== undefined && node.maximum !== undefined)
    return ` (${node.minimum} to ${node.maximum})`
  return ''
}
