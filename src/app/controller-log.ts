import { join } from 'node:path'
import { type Logger, pino } from 'pino'

/** So much waits for room on the disk; what is more is dropped, and counted. */
const WAITING_BYTES = 1_048_576

/**
 * The controller's log in its state directory, on the disk line by line. A disk that is full or read-only does not end the
 * controller: lines wait, and are written with the first that can be, after which the log says what was missed.
 */
export function controllerLog(stateDirectory: string): Logger {
  const destination = pino.destination({
    dest: join(stateDirectory, 'controller.log'),
    mode: 0o600,
    sync: true,
    maxLength: WAITING_BYTES,
  })
  const log = pino({ base: { pid: process.pid } }, destination)
  let error: string | undefined
  let dropped = 0
  destination.on('error', (why: unknown) => {
    error = String(why)
  })
  destination.on('drop', () => {
    dropped += 1
  })
  destination.on('write', () => {
    if (error === undefined) return
    const told = { error, dropped }
    ;[error, dropped] = [undefined, 0]
    // Not within the writing of another line.
    setImmediate(() => log.warn(told, 'the log could not be written for a while'))
  })
  return log
}
