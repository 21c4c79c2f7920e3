import type { Clock } from '../../../core/clock.ts'
import type { InstanceId } from '../../../core/names.ts'
import { followFile } from './follow-file.ts'
import { logTail } from './log-tail.ts'
import { logPath } from './state-paths.ts'

export interface Following {
  readonly stateDirectory: string
  readonly clock: Clock
  /** How many of the lines there already are come first. */
  readonly lines: number
  /** Ends the iteration, quietly. */
  readonly signal: AbortSignal
}

/**
 * The last lines an instance printed and then each further one as it is printed. Goes on through a rotation and through
 * an end and a new start of the instance; waits for a log that is not there yet.
 */
export async function* followLog(id: InstanceId, following: Following): AsyncGenerator<string> {
  const { stateDirectory, clock, lines, signal } = following
  const path = logPath(stateDirectory, id)
  const tail = await logTail(path, lines)
  yield* tail.lines
  yield* followFile(path, { at: tail.at, clock, signal })
}
