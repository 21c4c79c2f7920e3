import { access } from 'node:fs/promises'
import type { Look, Worry } from './worry.ts'

/** Whether a bad release can be taken back once it serves. */
export const lookAtRollback: Look = async ({ plan, live, release }) => {
  if (plan.from === undefined)
    return [
      {
        what: 'this is the first release, so there is none to go back to',
        why: 'when it is bad, users have nothing else until a better one is released',
        hint: 'Try it before users come; the next release can be taken back.',
      },
    ]
  const worries = [unwatched(release.spec.rollout)].filter((worry) => worry !== undefined)
  return live && (await isThere(live.directory)) ? worries : [gone(plan.from), ...worries]
}

function gone(id: string): Worry {
  return {
    what: `${id} serves, but its files are not kept any more`,
    why: 'it cannot be started again when the new release is bad',
    hint: 'Keep the current version at hand, and do not remove releases from the state directory.',
  }
}

function unwatched(rollout: Parameters<Look>[0]['release']['spec']['rollout']): Worry | undefined {
  if (rollout.strategy !== 'rolling' || rollout.bakeMs > 0) return undefined
  return {
    what: 'rollout.bake is 0s with strategy: rolling',
    why: 'the last of the old instances ends as soon as the new ones are ready, so nothing that shows later is taken back by itself',
    hint: 'Watch the new release for a while: rollout: { bake: 1m }',
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
