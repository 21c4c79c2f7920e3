import { globSync, readFileSync } from 'node:fs'

/** A block of code: ```` ```sh run background ```` has the language `sh` and the words `run` and `background`. */
export interface CodeBlock {
  readonly language: string
  readonly words: readonly string[]
  readonly text: string
}

/** Every page that is written for people, by its path in the repository. */
export function pages(): string[] {
  return globSync('**/*.md', {
    exclude: (path) => /(?:^|\/)(?:node_modules|dist|\.git|\.midflight)(?:\/|$)/.test(path),
  }).toSorted()
}

export function blocksOf(page: string): CodeBlock[] {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^```(\S*)([^\n]*)\n([^]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    words: (match[2] ?? '').split(' ').filter((word) => word !== ''),
    text: match[3] ?? '',
  }))
}

/** The text without its blocks of code. */
export function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```[^]*?^```$/gm, '')
}

/** The places of a page that a link can lead to, named as GitHub names them. */
export function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
}
