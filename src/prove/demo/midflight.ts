import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Spoken {
  readonly exitStatus: number
  /** Each line it printed that is JSON, in order. */
  readonly lines: readonly unknown[]
  /** What it said besides: its Problems, if anything went wrong. */
  readonly errors: string
}

/** Runs `midflight` as a user would, in a process of its own, in this folder. */
export async function midflight(folder: string, ...words: readonly string[]): Promise<Spoken> {
  const bin = fileURLToPath(new URL('../../../bin/midflight.js', import.meta.url))
  const child = spawn(process.execPath, [bin, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = Promise.all([textOf(child.stdout), textOf(child.stderr)])
  const [exitStatus] = (await once(child, 'exit')) as [number | null]
  const [said, errors] = await texts
  const lines = said.split('\n').filter((line) => line.startsWith('{'))
  return {
    exitStatus: exitStatus ?? -1,
    lines: lines.map((line): unknown => JSON.parse(line)),
    errors,
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
