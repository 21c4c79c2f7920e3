import { inMebibytes } from './in-mebibytes.ts'
import type { Look } from './worry.ts'

/** Whether what runs at the same time during the rollout fits into the memory that is left. */
export const lookAtMemory: Look = ({ demand: { memory }, tools }) => {
  const left = tools.machine.memoryBytes()
  if (!memory || memory.eachBytes * memory.most <= left) return []
  const { eachBytes: each, most: extra } = memory
  return [
    {
      what: `${extra} more instances of ${inMebibytes(each)} each take ${inMebibytes(each * extra)}, and ${inMebibytes(left)} of memory are left`,
      why: 'the system ends processes when it runs out of memory, and may take those that serve users',
      hint: 'Replace fewer at a time: rollout: { strategy: rolling, batch: 1 }; or run fewer instances; or give the machine more memory.',
    },
  ]
}
