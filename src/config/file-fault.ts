import type { Fault } from './fault.ts'
import { dotted, positionOf, writtenAt, type Path } from './position.ts'
import type { Source } from './source.ts'

/** What is wrong with a file, and the key that names it. */
export interface FileRefusal {
  readonly path: Path
  readonly message: string
  readonly hint: string
}

/** Shows the path as midflight.yaml does: it may hold a variable's value. */
export function fileFault(source: Source, { path, message, hint }: FileRefusal): Fault {
  const key = dotted(path)
  const written = writtenAt(source, path) ?? ''
  return { ...positionOf(source, path), key, message: `${key} ${written} ${message}`, hint }
}
