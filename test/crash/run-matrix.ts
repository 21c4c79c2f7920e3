import { type Cell, faultsOf, titleOf } from './cell.ts'
import { cellsOf } from './cells.ts'
import { smallDisk } from '../support/small-disk.ts'
import { Lane } from './lane.ts'
import type { Row } from './rows.ts'
import { type Score, scoresOf } from './score.ts'

export interface MatrixOptions {
  readonly rows: readonly Row[]
  /** How many services side by side, each with its own controller, proxy and instances. */
  readonly lanes: number
  /** Takes part of the cells: the first, and then each so manieth. */
  readonly each: number
  /** Takes those cells alone whose title has this in it; to play a cell that failed once more. */
  readonly only?: string
  /** How often each is played; once unless said. */
  readonly times?: number
  /** Ends it after the cells that are being played. */
  readonly isOver: () => boolean
  /** Is told of each cell as it ends. */
  readonly tell: (title: string, faults: readonly string[]) => void
}

export interface PlayedCell {
  readonly cell: Cell
  readonly faults: readonly string[]
}

/** Plays every cell: those that fill the disk on one service with a small one of its own, and the others beside it. */
export async function runMatrix(options: MatrixOptions): Promise<readonly PlayedCell[]> {
  const scores = await scored(options.rows)
  const { each, only = '', times = 1 } = options
  const cells = cellsOf(scores)
    .filter((cell, at) => at % each === 0 && titleOf(cell).includes(only))
    .flatMap((cell) => Array.from({ length: times }, () => cell))
  const isFilling = ({ blow }: Cell) => blow === 'disk full'
  const others = cells.filter((cell) => !isFilling(cell)).toReversed()
  const filling = cells.filter(isFilling).toReversed()
  const played = await Promise.all([
    playAll({ ...options, scores, cells: filling, open: async () => Lane.open(smallDisk) }),
    ...Array.from({ length: options.lanes }, async () =>
      playAll({ ...options, scores, cells: others, open: async () => Lane.open() }),
    ),
  ])
  return played.flat()
}

interface Lot extends MatrixOptions {
  readonly scores: readonly Score[]
  /** Each is taken by one lane; the last one first. */
  readonly cells: Cell[]
  readonly open: () => Promise<Lane>
}

/** A lane on which something went wrong is left for a new one, so that each fault is told once. */
async function playAll({ scores, cells, open, isOver, tell }: Lot): Promise<PlayedCell[]> {
  const played: PlayedCell[] = []
  let lane: Lane | undefined
  for (let cell = cells.pop(); cell && !isOver(); cell = cells.pop()) {
    const next = cell
    const faults = await attempt(async () => {
      lane ??= await open()
      return faultsOf(lane, next, scores)
    })
    played.push({ cell, faults })
    tell(titleOf(cell), faults)
    if (faults.length > 0 && lane) lane = await left(lane)
  }
  await lane?.close()
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
    console.error(String(error))
    await lane.destroy().catch((also: unknown) => {
      console.error(String(also))
    })
  }
}
