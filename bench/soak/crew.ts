import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReleaseId } from '../../src/core/names.ts'
import type { RouteInstance } from '../../src/core/route.ts'
import { freePort } from '../../src/lib/free-port.ts'
import type { Stage } from '../stage.ts'

const APP = fileURLToPath(new URL('../../examples/01-node-service/server.js', import.meta.url))

/** The instances of the soak's service: the sample app, as many as there are just now. */
export class Crew {
  readonly ledger: string
  readonly #stage: Stage
  readonly #processes: Map<string, ChildProcess> = new Map()
  #started = 0

  constructor(stage: Stage) {
    this.#stage = stage
    this.ledger = join(stage.folder, 'ledger.log')
  }

  /** Starts one more; it may not be ready yet. */
  async start(release: ReleaseId): Promise<RouteInstance> {
    const id = `soak.${release}.${this.#started}`
    this.#started += 1
    const port = await freePort()
    const env = {
      ...process.env,
      PORT: String(port),
      VERSION: release,
      LEDGER: this.ledger,
      BEHAVIOUR: JSON.stringify({ graceful: true }),
    }
    const child = await this.#stage.start(process.execPath, [APP], { env, cwd: this.#stage.folder })
    this.#processes.set(id, child)
    const address = { host: '127.0.0.1', port }
    return { id, release, address, state: 'serving', generation: String(child.pid) }
  }

  /** Asks one to end; the app finishes what it has. */
  stop(id: string): void {
    this.#processes.get(id)?.kill('SIGTERM')
    this.#processes.delete(id)
  }
}
