import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import { memoryOf } from '../memory.ts'
import type { CaseOfOne } from './case.ts'

const PROGRAM = fileURLToPath(new URL('../load/idle.ts', import.meta.url))

/** The memory of the process that carries so many kept connections on which nothing happens. */
export function idleCase(name: string, connections: number): CaseOfOne {
  return {
    name,
    entry: 'http',
    origin: 'tcp',
    needs: [],
    openFiles: connections + 200,
    take: async (trial) => {
      const { stage } = trial.terms
      const peer = await trial.start('http', 'tcp')
      const words = [PROGRAM, String(peer.address.port), String(connections)]
      const load = await stage.start(process.execPath, words, {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const idle = Number((await firstLine(load.stdout)).split(' ')[1])
      // The one that carries them is the largest.
      const bytes = Math.max(...memoryOf(peer.pids()))
      await stage.kill(load)
      return { rssMb: bytes / 1_000_000, failed: connections - idle }
    },
  }
}

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<string> {
  if (!stream) throw new Error('the load has no output')
  let text = ''
  for await (const [chunk] of on(stream, 'data', { close: ['end'] })) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text
}
