import type { Clock } from '../../src/core/clock.ts'
import { openStore as openReal, type Store } from '../../src/store/store.ts'
import { fate } from './fate.ts'

/** The store as it is; only that the process may die before and after each entry of the journal. */
export function openStore(stateDirectory: string, clock: Clock): Store {
  const store = openReal(stateDirectory, clock)
  const { journal, rollouts } = store
  return {
    ...store,
    journal: {
      read: async (rollout) => journal.read(rollout),
      append: async (rollout, mark) => fate.around(mark, async () => journal.append(rollout, mark)),
    },
    rollouts: {
      ...rollouts,
      open: async (...args) => fate.around({ mark: 'open' }, async () => rollouts.open(...args)),
      close: async (...args) => fate.around({ mark: 'close' }, async () => rollouts.close(...args)),
    },
  }
}
