import type { Outcome } from '../../src/core/rollout.ts'
import type { Lane } from './lane.ts'

/** A kind of rollout, and how it is to end. */
export interface Row {
  readonly strategy: 'rolling' | 'blue-green' | 'canary' | 'rollback'
  readonly ending: Exclude<Outcome, 'stuck'>
  /** What must have been before. */
  readonly prepare: (lane: Lane) => Promise<void>
  readonly begin: (lane: Lane) => Promise<void>
}

const DEPLOYS = {
  rolling: '{ strategy: rolling, batch: 1, surge: 1, bake: 0s }',
  'blue-green': '{ strategy: blue-green, warm: 0s, bake: 0s }',
  canary: '{ strategy: canary, steps: [50%], hold: 200ms, bake: 0s }',
}

const ENDINGS: readonly Row['ending'][] = ['promoted', 'undone']

/** Each one that is undone comes after the same one that is promoted. */
export const ROWS: readonly Row[] = [
  ...(['rolling', 'blue-green', 'canary'] as const).flatMap((strategy) =>
    ENDINGS.map((ending) => ({
      strategy,
      ending,
      prepare: async () => undefined,
      begin: async (lane: Lane) => lane.beginDeploy(DEPLOYS[strategy]),
    })),
  ),
  ...ENDINGS.map((ending) => ({
    strategy: 'rollback' as const,
    ending,
    prepare: async (lane: Lane) => lane.rollOut('{ strategy: blue-green, warm: 10m, bake: 0s }'),
    begin: async (lane: Lane) => lane.call<void>('rollback', { ifBusy: 'refuse' }),
  })),
]

export function nameOf({ strategy, ending }: Row): string {
  return `${strategy}, ${ending}`
}
