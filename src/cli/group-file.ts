import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const FILE = 'midflight.group.yaml'

/** The file that is named, or the one in the folder that is; where we stand when none is given. */
export function groupFileAt(path: string | undefined): string {
  const whole = resolve(path ?? '.')
  return statSync(whole, { throwIfNoEntry: false })?.isDirectory() ? join(whole, FILE) : whole
}
