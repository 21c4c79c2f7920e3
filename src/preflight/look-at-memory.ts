import { extraInstances } from './extra-instances.ts'
import { inMebibytes } from './in-mebibytes.ts'
import type { Grounds, Look } from './worry.ts'

/** Whether what runs at the same time during the rollout fits into the memory that is left. */
export const lookAtMemory: Look = async (grounds) => {
  const each = await memoryOfOne(grounds)
  const extra = extraInstances(grounds.plan)
  const left = grounds.tools.machine.memoryBytes()
  if (each === undefined || each * extra <= left) return []
  return [
    {
      what: `${extra} more instances of ${inMebibytes(each)} each take ${inMebibytes(each * extra)}, and ${inMebibytes(left)} of memory are left`,
      why: 'the system ends processes when it runs out of memory, and may take those that serve users',
      hint: 'Replace fewer at a time: rollout: { strategy: rolling, batch: 1 }; or run fewer instances; or give the machine more memory.',
    },
  ]
}

/** The larger of what one on trial and one that has served for a while use; unset when the system tells neither. */
async function memoryOfOne({ release, trial, tools }: Grounds): Promise<number | undefined> {
  const running = await tools.runtime.list(release.service)
  const usages = await Promise.all(running.map(async ({ id }) => tools.runtime.measure(id)))
  const known = [trial, ...usages].map((each) => each?.memoryBytes ?? 0)
  const most = Math.max(...known)
  return most > 0 ? most : undefined
}
