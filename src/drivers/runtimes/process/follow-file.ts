import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Clock } from '../../../core/clock.ts'
import { lineSplitter } from './line-splitter.ts'
import { unlessMissing } from './unless-missing.ts'

export interface Following {
  /** The byte of the file to begin at. */
  readonly at: number
  readonly clock: Clock
  /** Ends the iteration, quietly. */
  readonly signal: AbortSignal
}

const POLL_MS = 100

/** Each further line of a file as it is written. Goes on through a rotation to `path.1`; waits for a file that is not there yet. */
export async function* followFile(
  path: string,
  { at, clock, signal }: Following,
): AsyncGenerator<string> {
  const split = lineSplitter()
  let position = at
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
