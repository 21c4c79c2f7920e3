import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** An instance in a process of its own. */
export interface ChildApp<Report> {
  readonly pid: number
  readonly port: number
  /** Says a word to it. */
  tell(word: string): void
  /** Resolves with the next thing it says of itself. */
  next(): Promise<unknown>
  /** What the app has to tell. */
  report(): Promise<Report>
  kill(): Promise<void>
}

/** Starts one of the apps in `apps/`. It says its port when it listens, and reports when it is sent a word. */
export async function childApp<Report>(
  name: string,
  ...args: readonly string[]
): Promise<ChildApp<Report>> {
  const child = fork(join(import.meta.dirname, 'apps', `${name}.ts`), args)
  const port = await next<number>(child)
  return {
    pid: child.pid!,
    port,
    tell: (word) => void child.send(word),
    next: () => next(child),
    report: () => {
      child.send('report')
      return next<Report>(child)
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function next<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message')
  return message as T
}
