import { type Cell, faultsOf, titleOf } from './cell.ts'
import { cellsOf } from './cells.ts'
import { Lane } from './lane.ts'
import type { Row } from './rows.ts'
import { type Score, scoresOf } from './score.ts'

export interface MatrixOptions {
  readonly rows: readonly Row[]
  /** How many services side by side, each with its own controller, proxy and instances. */
  readonly lanes: number
  /** Takes part of the cells: the first, and then each so manieth. */
  readonly each: number
  /** Ends it after the cells that are being played. */
  readonly signal?: AbortSignal
  /** Is told of each cell as it ends. */
  readonly tell: (title: string, faults: readonly string[]) => void
}

export interface PlayedCell {
  readonly cell: Cell
  readonly faults: readonly string[]
}

/** Plays every cell. A lane on which something went wrong is left for a new one, so that each fault is told once. */
export async function runMatrix(options: MatrixOptions): Promise<readonly PlayedCell[]> {
  const scores = await scored(options.rows)
  const cells = cellsOf(scores).filter((_, at) => at % options.each === 0)
  const waiting = cells.toReversed()
  const played: PlayedCell[] = []
  const work = async () => {
    let lane: Lane | undefined
    for (let cell = waiting.pop(); cell && !options.signal?.aborted; cell = waiting.pop()) {
      const next = cell
      const faults = await attempt(async () => {
        lane ??= await Lane.open()
        return faultsOf(lane, next, scores)
      })
      played.push({ cell, faults })
      options.tell(titleOf(cell), faults)
      if (faults.length > 0 && lane) lane = await left(lane)
    }
    await lane?.close()
  }
  await Promise.all(Array.from({ length: options.lanes }, work))
  return played
}

async function scored(rows: readonly Row[]): Promise<readonly Score[]> {
  const lane = await Lane.open()
  try {
    return await scoresOf(lane, rows)
  } finally {
    await lane.close()
  }
}

async function attempt(play: () => Promise<string[]>): Promise<string[]> {
  try {
    return await play()
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

async function left(lane: Lane): Promise<undefined> {
  try {
    await lane.close()
  } catch (error) {
    // It is broken already, and that was told.
    await lane.destroy()
    console.error(String(error))
  }
}
