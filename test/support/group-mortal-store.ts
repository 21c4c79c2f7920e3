import type { Clock } from '../../src/core/clock.ts'
import { openStore as openReal, type Store } from '../../src/store/store.ts'
import { groupFate as fate } from './group-fate.ts'

/** The store as it is; only that the process may die before and after each entry about a group and its members. */
export function openStore(stateDirectory: string, clock: Clock): Store {
  const store = openReal(stateDirectory, clock)
  const { journal, rollouts, groups } = store
  return {
    ...store,
    journal: {
      read: async (rollout) => journal.read(rollout),
      append: async (rollout, mark) =>
        fate.around(`member ${mark.mark}`, async () => journal.append(rollout, mark)),
    },
    rollouts: {
      ...rollouts,
      open: async (...args) => fate.around('member open', async () => rollouts.open(...args)),
      close: async (...args) => fate.around('member close', async () => rollouts.close(...args)),
    },
    groups: {
      ...groups,
      open: async (...args) => fate.around('group open', async () => groups.open(...args)),
      append: async (id, mark) =>
        fate.around(`group ${mark.mark}`, async () => groups.append(id, mark)),
      close: async (...args) => fate.around('group close', async () => groups.close(...args)),
    },
  }
}
