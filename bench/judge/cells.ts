import type { World } from './world.ts'

/** A world, and what is asked of it. */
export interface Cell extends World {
  readonly about: 'bad release' | 'equal releases' | 'slow release'
}

const RATES = [10, 100, 1_000]
const CANARY = { share: 0.1 }

/** Errors of the candidate beside 0.1 % of the stable release; both with the same errors; answers slower than the old p95. */
export const CELLS: readonly Cell[] = [
  ...RATES.flatMap((perSecond) =>
    [1, 0.2, 0.05, 0.02, 0.005].map((candidate): Cell => ({
      ...CANARY,
      about: 'bad release',
      perSecond,
      candidate,
      stable: 0.001,
      burst: 1,
    })),
  ),
  ...RATES.flatMap((perSecond) =>
    [0.001, 0.005, 0.02].flatMap((both) =>
      [1, 5, 20].map((burst): Cell => ({
        ...CANARY,
        about: 'equal releases',
        perSecond,
        candidate: both,
        stable: both,
        burst,
      })),
    ),
  ),
  ...RATES.map((perSecond): Cell => ({
    ...CANARY,
    about: 'slow release',
    slow: true,
    perSecond,
    candidate: 0.2,
    stable: 0.05,
    burst: 1,
  })),
]
