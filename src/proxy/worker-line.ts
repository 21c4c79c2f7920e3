import { fork, type SendHandle } from 'node:child_process'
import { sibling } from '../lib/sibling.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** The line to whoever works for a supervisor: a worker of its own, or an older proxy that has given way to it. */
export interface WorkerLine {
  readonly pid: number
  /** The keys of the sockets it was born with. */
  readonly inherited: readonly string[]
  /** A message to one that has just died reaches nobody; its end is told, and a new one asks anew. */
  send(message: ToWorker, handle?: SendHandle): void
  /** `onEnd` may be called twice for a process that could not be started. */
  listen(onMessage: (message: FromWorker) => void, onEnd: (how: string) => void): void
  kill(): void
}

/**
 * What is made when many routes are loaded stays. V8 begins with one megabyte for young objects and copies what stays
 * over and over until it has grown to this much; under traffic it grows to it anyway, and in hours to four times as much,
 * which makes nothing quicker.
 */
const YOUNG_MB = 16

/** The way of a request through the plane is longer than what V8 joins into one piece of machine code by itself. */
const INLINING = ['--max-inlined-bytecode-size=1000', '--max-inlined-bytecode-size-cumulative=3000']

export interface WorkerPlan {
  /** So many carry the same traffic. */
  readonly workers: number
  /** Where the proxy keeps its things. */
  readonly directory: string
  /** Those that exist already. */
  readonly sockets: readonly ListeningSocket[]
}

/**
 * Starts a worker process. It inherits the sockets: a handle in a message is answered by Node before the next one goes
 * out, so a thousand of them took a second, and the orders behind them waited.
 */
export function forkedLine({ workers, directory, sockets }: WorkerPlan): WorkerLine {
  const child = fork(sibling(import.meta.url, 'worker'), [String(workers), directory], {
    // By this its next supervisor finds it, when this one is killed.
    cwd: directory,
    execArgv: [
      `--min-semi-space-size=${YOUNG_MB}`,
      `--max-semi-space-size=${YOUNG_MB}`,
      ...INLINING,
    ],
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...sockets.map((socket) => socket.fd)],
  })
  const send = (message: ToWorker, handle?: SendHandle): void =>
    void child.send(message, handle, undefined, () => undefined)
  const inherited = sockets.map((socket) => socket.key)
  send({ kind: 'inherit', keys: inherited })
  return {
    pid: child.pid ?? 0,
    inherited,
    send,
    listen: (onMessage, onEnd) => {
      child.on('message', onMessage)
      child.once('error', (error) => onEnd(error.message))
      child.once('exit', (code, signal) => onEnd(signal ?? `code ${code}`))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
