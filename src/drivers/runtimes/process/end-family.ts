import type { Abortable, Clock } from '../../../core/clock.ts'
import { Problem } from '../../../core/problem.ts'
import type { StopSpec } from '../../../core/service.ts'
import { isAlive } from '../../../lib/process-identity.ts'
import { familyMembers, type Family } from './process-family.ts'

type Ending = Pick<StopSpec, 'signal' | 'killMs'>

const POLL_MS = 20
/** SIGKILL acts at once, except on a process that waits for its disk. */
const KILL_PATIENCE_MS = 10_000

/**
 * Tells everyone of the family `signal`, and who is still there after `killMs` SIGKILL. Resolves when nobody is left.
 * Rejects with `process-not-ended` when one outlives even that, and with the signal's reason when it fires first.
 */
export async function endFamily(
  family: Family,
  ending: Ending,
  clock: Clock,
  options: Abortable = {},
): Promise<void> {
  tell(family, ending.signal)
  if (await gone(family, clock, { ...options, forMs: ending.killMs })) return
  await killFamily(family, clock, options)
}

/** SIGKILL to everyone of the family, at once. Resolves and rejects like `endFamily`. */
export async function killFamily(
  family: Family,
  clock: Clock,
  options: Abortable = {},
): Promise<void> {
  const deadline = clock.steadyNow() + KILL_PATIENCE_MS
  do {
    // Again each time: who was being born while the first signal went out has not got it.
    tell(family, 'SIGKILL')
    if (await gone(family, clock, { ...options, forMs: 500 })) return
  } while (clock.steadyNow() < deadline)
  const pids = familyMembers(family).map((member) => member.pid)
  throw new Problem('process-not-ended', {
    message: `process ${pids.join(', ')} is still there ${KILL_PATIENCE_MS / 1000}s after SIGKILL`,
    hint: 'it waits for a disk or belongs to another user: look with `ps -o pid,stat,user,wchan,cmd`, then stop again',
    data: { pids },
  })
}

function tell(family: Family, signal: NodeJS.Signals): void {
  const members = familyMembers(family)
  const group = family.first?.pid
  const inGroup = members.filter((member) => member.group === group)
  // One signal to the group is atomic: no child can be born between two of its members being told.
  if (group !== undefined && inGroup.some(isAlive)) send(-group, signal)
  for (const member of members) {
    if (member.group !== group && isAlive(member)) send(member.pid, signal)
  }
}

/** Gone already is what was wanted; not permitted shows itself by the process staying. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** Polls those known so far, which is cheap, and looks through all processes for unknown ones only when these are gone. */
async function gone(
  family: Family,
  clock: Clock,
  options: Abortable & { readonly forMs: number },
): Promise<boolean> {
  const deadline = clock.steadyNow() + options.forMs
  let known = familyMembers(family)
  while (known.length > 0) {
    if (clock.steadyNow() >= deadline) return false
    await clock.sleep(POLL_MS, options)
    known = known.filter(isAlive)
    if (known.length === 0) known = familyMembers(family)
  }
  return true
}
