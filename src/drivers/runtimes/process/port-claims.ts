import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { Problem } from '../../../core/problem.ts'

/**
 * Below the ports the kernel gives to outgoing connections (32768 and up on Linux, 49152 elsewhere). A busy proxy on this
 * machine opens many of those; one could take a port from there in the moment before the app listens on it.
 */
const LOWEST = 20_000
const HIGHEST = 32_767
const TRIES = 200

/**
 * The ports of this controller's instances. From its choice on, and while its instance is written down, no other Midflight
 * gives a port away: not before the app listens on it, and not while routes still lead to one that has ended.
 *
 * A claim is an abstract socket (unix(7)), which is there for just those who share the ports, leaves no file, and ends
 * with the process. Elsewhere than on Linux, and where this process may not make one, luck must do.
 */
export class PortClaims {
  readonly #held = new Map<number, Server | undefined>()

  /** Claims a port that nobody listens on at 127.0.0.1 and that is not in `taken`. Rejects with `no-free-port`. */
  async claimFree(taken: ReadonlySet<number>): Promise<number> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const port = randomInt(LOWEST, HIGHEST + 1)
      if (taken.has(port) || this.#held.has(port) || !(await this.claim(port))) continue
      if (await isFree(port)) return port
      this.letGo(port)
    }
    throw new Problem('no-free-port', {
      message: `found no free port on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`,
      hint: 'see what listens there with `ss -ltnp`',
    })
  }

  /** Claims this port; false when somebody else has. */
  async claim(port: number): Promise<boolean> {
    if (this.#held.has(port)) return true
    const claim = process.platform === 'linux' ? await listening({ path: nameOf(port) }) : 'denied'
    if (claim === 'taken') return false
    this.#held.set(port, claim === 'denied' ? undefined : claim.unref())
    return true
  }

  letGo(port: number): void {
    this.#held.get(port)?.close()
    this.#held.delete(port)
  }
}

/** A zero in front makes it an abstract name. */
function nameOf(port: number): string {
  return `\0midflight-port-${port}`
}

async function isFree(port: number): Promise<boolean> {
  const server = await listening({ port, host: '127.0.0.1' })
  if (typeof server === 'string') return false
  server.close()
  await once(server, 'close')
  return true
}

async function listening(where: ListenOptions): Promise<Server | 'taken' | 'denied'> {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(where)
    await once(server, 'listening')
    return server
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'EADDRINUSE') return 'taken'
    if (code === 'EACCES' || code === 'EPERM') return 'denied'
    throw error
  }
}
