import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Clock } from '../../../core/clock.ts'
import type { InstanceId } from '../../../core/names.ts'
import { lineSplitter } from './line-splitter.ts'
import { logTail } from './log-tail.ts'
import { logPath } from './state-paths.ts'
import { unlessMissing } from './unless-missing.ts'

export interface Following {
  readonly stateDirectory: string
  readonly clock: Clock
  /** How many of the lines there already are come first. */
  readonly lines: number
  /** Ends the iteration, quietly. */
  readonly signal: AbortSignal
}

const POLL_MS = 100

/**
 * The last lines an instance printed and then each further one as it is printed. Goes on through a rotation and through
 * an end and a new start of the instance; waits for a log that is not there yet.
 */
export async function* followLog(id: InstanceId, following: Following): AsyncGenerator<string> {
  const { stateDirectory, clock, lines, signal } = following
  const path = logPath(stateDirectory, id)
  const tail = await logTail(path, lines)
  yield* tail.lines
  const split = lineSplitter()
  let position = tail.at
  while (!signal.aborted) {
    const size = (await unlessMissing(stat(path)))?.size ?? 0
    if (size < position) {
      // It was rotated. What was not read yet stands in the copy.
      for await (const bytes of bytesOf(`${path}.1`, position)) yield* split(bytes)
      position = 0
    }
    for await (const bytes of bytesOf(path, position)) {
      position += bytes.length
      yield* split(bytes)
    }
    await pause(clock, signal)
  }
}

async function* bytesOf(path: string, start: number): AsyncGenerator<Buffer> {
  const size = (await unlessMissing(stat(path)))?.size ?? 0
  if (size <= start) return
  for await (const chunk of createReadStream(path, { start })) yield chunk as Buffer
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(POLL_MS, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
