import { type Histogram, sizeOf } from './histogram.ts'
import type { Look } from './judge.ts'
import type { Sight } from './sight.ts'

/** The look without what the judge does not look at: how many answers there were is kept, how long each took is not. */
export function thinLook(look: Look): Look {
  if (!look.observation) return look
  const { releases } = look.observation
  const thinned = Object.entries(releases).map(([release, sight]) => [release, thin(sight)])
  return {
    ...look,
    observation: { ...look.observation, releases: Object.fromEntries(thinned) },
  }
}

function thin(sight: Sight): Sight {
  return {
    ...sight,
    cells: sight.cells.map((cell) => ({
      ...cell,
      firstByte: inOneBucket(cell.firstByte),
      whole: inOneBucket(cell.whole),
    })),
  }
}

function inOneBucket(histogram: Histogram): Histogram {
  return histogram.length === 0 ? [] : [0, sizeOf(histogram)]
}
