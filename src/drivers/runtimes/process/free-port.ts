import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Problem } from '../../../core/problem.ts'

/**
 * Below the ports the kernel gives to outgoing connections (32768 and up on Linux, 49152 elsewhere). A busy proxy on this
 * machine opens many of those; one could take a port from there in the moment before the app listens on it.
 */
const LOWEST = 20_000
const HIGHEST = 32_767
const TRIES = 200

/** A port nobody listens on at 127.0.0.1 and that is not in `taken`. Rejects with `no-free-port`. */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new Problem('no-free-port', {
    message: `found no free port on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`,
    hint: 'see what listens there with `ss -ltnp`',
  })
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EADDRINUSE') return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}
