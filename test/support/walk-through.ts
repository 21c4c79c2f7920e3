import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { freePort } from '../../src/lib/free-port.ts'

/** The port that the pages name; here each has a free one in its place. */
const NAMED = '8080'

export interface Said {
  readonly exitStatus: number | null
  readonly text: string
}

/** Someone who follows a page with a copy of an example: types its commands, and writes its files. */
export interface WalkThrough {
  write(file: string, text: string): Promise<void>
  run(script: string): Promise<Said>
  /** Leaves one command running in a second terminal. */
  begin(script: string): void
  /** Ctrl-C in that second terminal. */
  interrupt(): Promise<Said>
  /** Ends everything; resolves with what is still running. */
  end(): Promise<readonly string[]>
}

export async function walkThrough(example: string): Promise<WalkThrough> {
  const parent = await mkdtemp(join(tmpdir(), 'walk-'))
  const [folder, bin] = [join(parent, 'shop'), join(parent, 'bin')]
  const port = String(await freePort())
  await cp(example, folder, { recursive: true })
  await rm(join(folder, 'midflight.yaml'))
  await mkdir(bin)
  const command = join(bin, 'midflight')
  await writeFile(
    command,
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/midflight.js')}' "$@"\n`,
  )
  await chmod(command, 0o755)
  const shell = (script: string) =>
    spawn('/bin/sh', ['-euc', script.replaceAll(NAMED, port)], {
      cwd: folder,
      detached: true,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH']}`,
        NO_COLOR: '1',
        MIDFLIGHT_BY: 'anna',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  let second: { child: ChildProcess; said: Promise<Said> } | undefined
  const interrupt = async () => {
    if (!second) throw new Error('nothing runs in the second terminal')
    // A terminal sends it to the whole group; the minus sign does the same.
    if (second.child.exitCode === null) process.kill(-(second.child.pid ?? 0), 'SIGINT')
    const said = await second.said
    second = undefined
    return said
  }
  return {
    write: async (file, text) => writeFile(join(folder, file), text.replaceAll(NAMED, port)),
    run: async (script) => heard(shell(script)),
    begin: (script) => {
      const child = shell(`exec ${script}`)
      second = { child, said: heard(child) }
    },
    interrupt,
    end: async () => {
      if (second) await interrupt()
      await heard(shell('midflight down --purge || true'))
      const left = leftovers(folder)
      await rm(parent, { recursive: true, force: true })
      return left
    },
  }
}

async function heard(child: ChildProcess): Promise<Said> {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => (text += part))
  const [exitStatus] = (await once(child, 'close')) as [number | null]
  return { exitStatus, text }
}
