import type { Instance } from '../core/instance.ts'
import type { InstanceId } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { World } from '../core/step.ts'

/** The first of these instances that ended without being asked to, as a Problem. */
export async function endedOf(
  world: World,
  ids: readonly InstanceId[],
): Promise<Problem | undefined> {
  const all = await world.runtime.list(world.service)
  const ended = all.find((each) => ids.includes(each.id) && each.state.kind === 'ended')
  if (!ended) return undefined
  return new Problem('instance-ended', {
    message: `${ended.id} ended by itself (${how(ended)}) ${age(ended, world)} after its start`,
    hint: hintFor(ended),
    data: { instance: ended.id, state: ended.state },
  })
}

function how(instance: Instance): string {
  if (instance.state.kind !== 'ended') return 'running'
  const { code, signal } = instance.state
  if (signal !== undefined) return `signal ${signal}`
  return code === undefined ? 'exit code unknown' : `exit code ${code}`
}

function age(instance: Instance, world: World): string {
  // Both are told by the clock of the machine, which may have been set back in between.
  const ms = Math.max(0, world.clock.now() - instance.startedAtMs)
  return `${(ms / 1_000).toFixed(1)}s`
}

/** 126 and 127 are the shell's (POSIX 2.8.2): found but not runnable, and not found. */
function hintFor(instance: Instance): string {
  const logs = `See its output: midflight logs ${instance.release}`
  const code = instance.state.kind === 'ended' ? instance.state.code : undefined
  if (code === 127) return `The command in "run" was not found. ${logs}`
  if (code === 126) return `The command in "run" may not be executed. ${logs}`
  return logs
}
