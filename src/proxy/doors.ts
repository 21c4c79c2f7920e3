import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { DataPlane } from './plane/data-plane-port.ts'
import type { Door } from './worker-messages.ts'

export interface DoorFault {
  readonly key: string
  readonly code: string
}

/** The supervisor's listening sockets as one worker has them: those it holds, and those it accepts on. */
export class Doors {
  readonly #plane: DataPlane
  readonly #held = new Map<string, unknown>()
  readonly #open = new Map<string, Server>()

  constructor(plane: DataPlane) {
    this.#plane = plane
  }

  /** Keeps a socket until it is opened. */
  hold(key: string, handle: unknown): void {
    this.#held.set(key, handle)
  }

  /** Accepts on these and on no other. Resolves when it does, with those that could not be opened. */
  async open(doors: readonly Door[]): Promise<readonly DoorFault[]> {
    const wanted = new Set(doors.map((door) => door.key))
    for (const key of this.#open.keys()) if (!wanted.has(key)) this.#shut(key)
    const closed = doors.filter((door) => !this.#open.has(door.key))
    const faults = await Promise.all(closed.map((door) => this.#listen(door)))
    return faults.filter((fault) => fault !== undefined)
  }

  /** Accepts nothing more. Connections already accepted go on. */
  close(): void {
    for (const key of this.#open.keys()) this.#shut(key)
  }

  async #listen(door: Door): Promise<DoorFault | undefined> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    this.#plane.serve(door.service, server)
    this.#open.set(door.key, server)
    server.listen(this.#held.get(door.key))
    this.#held.delete(door.key)
    try {
      await once(server, 'listening')
      return undefined
    } catch (error) {
      this.#open.delete(door.key)
      return { key: door.key, code: String((error as { code?: unknown }).code) }
    }
  }

  #shut(key: string): void {
    this.#open.get(key)?.close()
    this.#open.delete(key)
  }
}
