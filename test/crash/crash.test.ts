import { expect, it } from 'vitest'
import { ROWS } from './rows.ts'
import { runMatrix } from './run-matrix.ts'

/** A few cells of the matrix that `npm run test:crash` plays whole. Either end may follow when a new instance is killed. */
const rows = ROWS.filter((row) => row.strategy === 'blue-green')

it('a rollout ends the same whoever is killed in it, and no user notices', async () => {
  const faults: string[] = []
  const tell = (title: string, found: readonly string[]) => {
    if (found.length > 0) faults.push(`${title}: ${found.join('; ')}`)
  }
  const played = await runMatrix({ rows, lanes: 1, each: 17, isOver: () => false, tell })
  expect(faults).toEqual([])
  expect(played.length).toBeGreaterThan(2)
}, 400_000)
