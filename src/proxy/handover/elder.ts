import type { SendHandle } from 'node:child_process'
import { Problem } from '../../core/problem.ts'
import { socketOf, type ListeningSocket } from '../listening-socket.ts'
import type { FromWorker } from '../worker-messages.ts'
import type { WorkerLine } from '../worker-line.ts'
import type { Estate } from './heir.ts'
import type { FromHeir, ToHeir, Will } from './messages.ts'

/** The proxy that gives way to this one, as this one sees it: its parent, for as long as that lives. */
export class Elder {
  readonly #pid = process.ppid
  readonly #estate = Promise.withResolvers<Estate>()
  readonly #will = Promise.withResolvers<Will>()
  readonly #sockets: ListeningSocket[] = []

  constructor() {
    process.on('message', (message: ToHeir, handle: unknown) => this.#hear(message, handle))
    // Before it has taken over, there is nothing that this one could do alone.
    const alone = (): never => process.exit(1)
    process.once('disconnect', alone)
    void this.#will.promise.then(() => process.off('disconnect', alone))
  }

  /** Resolves when all its sockets are here. */
  async estate(): Promise<Estate> {
    return await this.#estate.promise
  }

  /** Says that this one has proved itself, and resolves when the elder gives way. */
  async will(): Promise<Will> {
    this.#tell({ kind: 'ready' })
    return await this.#will.promise
  }

  /** The elder serves its connections to their end, as a worker of this one. */
  succeed(): WorkerLine {
    const pid = this.#pid
    return {
      pid,
      inherited: [],
      // Sockets and keys it has.
      send: (message) => {
        if (message.kind === 'hold' || message.kind === 'sign' || !process.connected) return
        process.send?.(message, undefined, undefined, () => undefined)
      },
      listen: (onMessage, onEnd) => {
        process.on('message', (message: FromWorker) => onMessage(message))
        if (process.connected) process.once('disconnect', () => onEnd('gave way'))
        else queueMicrotask(() => onEnd('gave way'))
      },
      kill: () => {
        if (process.ppid === pid) process.kill(pid, 'SIGKILL')
      },
    }
  }

  taken(): void {
    this.#tell({ kind: 'taken' })
  }

  /** Why this one cannot take over. Resolves when it is told. */
  async unfit(reason: unknown): Promise<void> {
    if (!process.connected) return
    const problem = reason instanceof Problem ? reason : unexpected(reason)
    const told = Promise.withResolvers<void>()
    const message: FromHeir = { kind: 'unfit', problem: problem.toJSON() }
    process.send?.(message, undefined, undefined, () => told.resolve())
    await told.promise
  }

  #tell(message: FromHeir): void {
    process.send?.(message, undefined, undefined, () => undefined)
  }

  #hear(message: ToHeir, handle: unknown): void {
    switch (message.kind) {
      case 'socket':
        this.#sockets.push(socketOf(handle as SendHandle, message.address, message.origin))
        break
      case 'estate':
        this.#estate.resolve({ sockets: this.#sockets, marks: message.marks })
        break
      case 'take':
        this.#will.resolve(message.will)
    }
  }
}

function unexpected(error: unknown): Problem {
  return new Problem('upgrade-failed', {
    message: error instanceof Error ? error.message : String(error),
    hint: 'Look into proxy.log in the state directory.',
    cause: error,
  })
}
