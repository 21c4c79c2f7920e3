import { fork, type SendHandle } from 'node:child_process'
import { sibling } from '../lib/sibling.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** The line to whoever works for a supervisor: a worker of its own, or an older proxy that has given way to it. */
export interface WorkerLine {
  readonly pid: number
  /** A message to one that has just died reaches nobody; its end is told, and a new one asks anew. */
  send(message: ToWorker, handle?: SendHandle): void
  /** `onEnd` may be called twice for a process that could not be started. */
  listen(onMessage: (message: FromWorker) => void, onEnd: (how: string) => void): void
  kill(): void
}

/** Starts a worker process, one of so many that carry the same traffic, for the proxy of this directory. */
export function forkedLine(workers: number, directory: string): WorkerLine {
  const settings = [String(workers), directory]
  const child = fork(sibling(import.meta.url, 'worker'), settings, { execArgv: [] })
  return {
    pid: child.pid ?? 0,
    send: (message, handle) => void child.send(message, handle, undefined, () => undefined),
    listen: (onMessage, onEnd) => {
      child.on('message', onMessage)
      child.once('error', (error) => onEnd(error.message))
      child.once('exit', (code, signal) => onEnd(signal ?? `code ${code}`))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
