import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from '../core/problem.ts'

/** The proxy's program in a package of Midflight; in the one that this code is of when none is named. */
export function proxyProgram(folder: string = ownPackage()): string {
  const places = [join(folder, 'src/proxy/main.ts'), join(folder, 'dist/proxy/main.js')]
  const program = places.find((path) => existsSync(path))
  if (program && nameOf(folder) === 'midflight') return program
  throw new Problem('package-unknown', {
    message: `${folder} is not a package of Midflight`,
    hint: 'Name the folder that holds its package.json, for example node_modules/midflight.',
    data: { folder },
  })
}

function ownPackage(): string {
  return fileURLToPath(new URL('../..', import.meta.url))
}

function nameOf(folder: string): unknown {
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly name?: unknown }).name
}
