import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Plot, Told } from './plot.ts'

/** Where a controller works, and the socket of its service that it is lent, as systemd would. */
export interface Seat {
  readonly stateDirectory: string
  readonly socket: number
  /** The file that gets its output. */
  readonly said: string
}

/** A controller in a process of its own, which dies at a moment of its plot. */
export class ControllerProcess {
  /** Resolves when it is gone, however it ended. */
  readonly gone: Promise<void>
  readonly #child: ChildProcess
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers()

  /** `hear` is told what it says; it goes on when `hear` has resolved. */
  constructor(
    { stateDirectory, socket, said }: Seat,
    plot: Plot,
    hear: (told: Told) => Promise<void>,
  ) {
    const log = openSync(said, 'a')
    // It must know its own pid to take the socket (sd_listen_fds(3)).
    const shell = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"'
    const program = [
      process.execPath,
      join(import.meta.dirname, 'mortal-controller.ts'),
      stateDirectory,
      JSON.stringify(plot),
    ]
    this.#child = spawn('sh', ['-c', shell, ...program], {
      stdio: ['ignore', log, log, socket, 'ipc'],
    })
    closeSync(log)
    this.gone = once(this.#child, 'exit').then(() => undefined)
    this.#child.on('message', (message) => {
      const told = message as Told
      if (told.told === 'ready') this.#ready.resolve()
      else void hear(told).then(() => this.#say('go on'))
    })
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Resolves with true when its API answers, with false when it ends instead. */
  async ready(): Promise<boolean> {
    return Promise.race([this.#ready.promise.then(() => true), this.gone.then(() => false)])
  }

  follow(plot: Plot): void {
    this.#say(plot)
  }

  async kill(): Promise<void> {
    if (!this.isGone) this.#child.kill('SIGKILL')
    await this.gone
  }

  #say(what: Plot | 'go on'): void {
    if (this.#child.connected) this.#child.send(what)
  }
}
