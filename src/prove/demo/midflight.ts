import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Spoken {
  readonly exitStatus: number
  /** Each line it printed that is JSON, in order. */
  readonly lines: readonly unknown[]
  /** What it said besides: its Problems, if anything went wrong. */
  readonly errors: string
}

/** Runs `midflight` as a user would, in a process of its own, in this folder. `hear` is told each line at once. */
export async function midflight(
  folder: string,
  words: readonly string[],
  hear: (line: unknown) => void = () => undefined,
): Promise<Spoken> {
  const bin = fileURLToPath(new URL('../../../bin/midflight.js', import.meta.url))
  const child = spawn(process.execPath, [bin, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = Promise.all([linesOf(child.stdout, hear), textOf(child.stderr)])
  const [exitStatus] = (await once(child, 'exit')) as [number | null]
  const [lines, errors] = await texts
  return { exitStatus: exitStatus ?? -1, lines, errors }
}

async function linesOf(
  input: NodeJS.ReadableStream,
  hear: (line: unknown) => void,
): Promise<readonly unknown[]> {
  const lines: unknown[] = []
  for await (const text of createInterface({ input })) {
    if (!text.startsWith('{')) continue
    const line: unknown = JSON.parse(text)
    lines.push(line)
    hear(line)
  }
  return lines
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
