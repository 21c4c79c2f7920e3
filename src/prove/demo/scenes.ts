import type { Version } from './workspace.ts'

/** One rollout of the demo: what is released, how, what is broken meanwhile, and what must come of it. */
export interface Scene {
  readonly title: string
  readonly verb: 'deploy' | 'rollback'
  readonly version?: Version
  /** What is killed with SIGKILL in the middle of it. */
  readonly kill?: 'controller' | 'worker'
  readonly outcome: SceneOutcome
}

export type SceneOutcome = 'promoted' | 'rollback' | 'refused' | 'undone'

export const FIRST: Version = { version: 'v1', rollout: '{ strategy: rolling, bake: 0s }' }

const CANARY =
  '{ strategy: canary, steps: [10%, 50%], hold: 4s, errors: 5%, min-requests: 20, bake: 2s }'

export const SCENES: readonly Scene[] = [
  {
    title: 'rolling v1 → v2, one instance after the other',
    verb: 'deploy',
    version: { version: 'v2', rollout: '{ strategy: rolling, batch: 1, surge: 1, bake: 3s }' },
    outcome: 'promoted',
  },
  {
    title: 'canary v2 → v3 at 10% and 50%; the controller is killed in the middle of it',
    verb: 'deploy',
    version: { version: 'v3', rollout: CANARY },
    kill: 'controller',
    outcome: 'promoted',
  },
  {
    title: 'blue-green v3 → v4, all at once; a proxy worker is killed in the middle of it',
    verb: 'deploy',
    version: { version: 'v4', rollout: '{ strategy: blue-green, warm: 5m, bake: 4s }' },
    kill: 'worker',
    outcome: 'promoted',
  },
  { title: 'rollback to v3, which is still warm', verb: 'rollback', outcome: 'rollback' },
  {
    title: 'v5 never gets ready',
    verb: 'deploy',
    version: { version: 'v5', behaviour: { 'never-ready': true }, rollout: CANARY, startup: '4s' },
    outcome: 'refused',
  },
  {
    title: 'v6 is healthy, but answers errors',
    verb: 'deploy',
    version: { version: 'v6', behaviour: { errors: 0.5 }, rollout: CANARY },
    outcome: 'undone',
  },
]
