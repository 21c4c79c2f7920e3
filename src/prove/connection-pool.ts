import type { Address } from '../core/address.ts'
import { Connection } from './connection.ts'

/**
 * Kept connections, taken in turn so that all of them stay in use and meet every change behind the address.
 * Opens a new one while there are fewer than `size`, or when none is idle.
 */
export class ConnectionPool {
  readonly #target: Address
  readonly #size: number
  #all: Connection[] = []

  constructor(target: Address, size: number) {
    this.#target = target
    this.#size = size
  }

  take(): Connection {
    this.#all = this.#all.filter((connection) => connection.line.endedAt === undefined)
    const idle = this.#all.findIndex((connection) => connection.usable)
    const connection = this.#all[idle]
    if (!connection || this.#all.length < this.#size) return this.#open()
    this.#all.splice(idle, 1)
    this.#all.push(connection)
    return connection
  }

  close(): void {
    for (const connection of this.#all) connection.destroy()
  }

  #open(): Connection {
    const connection = new Connection(this.#target)
    this.#all.push(connection)
    return connection
  }
}
