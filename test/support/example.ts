import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RolloutEvent } from '../../src/core/event.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { midflight, type Spoken } from '../../src/prove/demo/midflight.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'

/** An example as a user tries it: its own copy, its own port, and the command line. */
export interface Example {
  readonly folder: string
  readonly address: { readonly host: string; readonly port: number }
  /** Runs `midflight` where the example lies, and expects it to succeed. */
  run(...words: readonly string[]): Promise<Rollout>
  /** Ends everything; resolves with what is still running. */
  end(): Promise<readonly string[]>
}

/** Copies the example; each of its files listens on a free port instead of its own. */
export async function anExample(name: string, files: readonly string[]): Promise<Example> {
  const parent = await mkdtemp(join(tmpdir(), 'midflight-example-'))
  const folder = join(parent, name)
  const port = await freePort()
  await cp(join('examples', name), folder, { recursive: true })
  for (const file of files) {
    const path = join(folder, file)
    const text = await readFile(path, 'utf8')
    const bake = text.includes('rollout:') ? '' : '\nrollout: { strategy: rolling, bake: 2s }\n'
    await writeFile(path, text.replace(/^listen: .*$/m, `listen: 127.0.0.1:${port}`) + bake)
  }
  return {
    folder,
    address: { host: '127.0.0.1', port },
    run: async (...words) => rolloutIn(await midflight(folder, words)),
    end: async () => {
      await midflight(folder, ['down'])
      const left = leftovers(folder)
      await removeSealed(parent)
      return left
    },
  }
}

function rolloutIn(spoken: Spoken): Rollout {
  const last = spoken.lines.at(-1) as RolloutEvent | undefined
  if (last?.event !== 'finished')
    throw new Error(`it did not finish: ${spoken.errors}${JSON.stringify(last)}`)
  return last.rollout
}
