import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { ServiceName } from '../core/names.ts'
import type { DataPlane } from './plane/data-plane-port.ts'
import type { Door, ServiceOrders } from './worker-messages.ts'

export interface DoorFault {
  readonly key: string
  readonly code: string
}

type ServiceDoors = Pick<ServiceOrders, 'service' | 'doors'>

/** The supervisor's listening sockets as one worker has them: those it holds, and those it accepts on. */
export class Doors {
  readonly #plane: DataPlane
  readonly #held = new Map<string, unknown>()
  readonly #open = new Map<ServiceName, Map<string, Server>>()

  constructor(plane: DataPlane) {
    this.#plane = plane
  }

  /** Keeps a socket until it is opened. */
  hold(key: string, handle: unknown): void {
    this.#held.set(key, handle)
  }

  /** Accepts on these for the service and on no other. Resolves when it does, with those that could not be opened. */
  async open({ service, doors }: ServiceDoors): Promise<readonly DoorFault[]> {
    const open = this.#open.get(service) ?? new Map<string, Server>()
    this.#open.set(service, open)
    const wanted = new Set(doors.map((door) => door.key))
    for (const [key, server] of open) {
      if (wanted.has(key)) continue
      server.close()
      open.delete(key)
    }
    if (doors.length === 0) this.#open.delete(service)
    const closed = doors.filter((door) => !open.has(door.key))
    const faults = await Promise.all(closed.map(async (door) => this.#listen(door, open)))
    return faults.filter((fault) => fault !== undefined)
  }

  /** Accepts nothing more. Connections already accepted go on. */
  close(): void {
    for (const open of this.#open.values()) for (const server of open.values()) server.close()
    this.#open.clear()
  }

  /** A socket that is there already is listened on at once: to wait to hear of it would take a thousand turns. */
  #listen(door: Door, open: Map<string, Server>): undefined | Promise<DoorFault | undefined> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    if (door.leads === 'to-https') this.#plane.redirect(door.service, server)
    else this.#plane.serve(door.service, server)
    open.set(door.key, server)
    server.listen(this.#held.get(door.key))
    this.#held.delete(door.key)
    return server.listening ? undefined : heard(server, door, open)
  }
}

/** Whether it listens in the end. */
async function heard(
  server: Server,
  { key }: Door,
  open: Map<string, Server>,
): Promise<DoorFault | undefined> {
  try {
    await once(server, 'listening')
    return undefined
  } catch (error) {
    open.delete(key)
    return { key, code: String((error as { code?: unknown }).code) }
  }
}
