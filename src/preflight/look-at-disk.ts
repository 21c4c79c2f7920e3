import { inMebibytes } from './in-mebibytes.ts'
import type { Look } from './worry.ts'

/** For the journal, and for what instances print. */
export const SPARE_BYTES: number = 16 * 2 ** 20

/** Whether the disk has room for one more copy of the release. */
export const lookAtDisk: Look = async ({ demand, tools }) => {
  const left = await tools.machine.diskBytes()
  const size = demand.disk?.bytes ?? 0
  if (left >= size + SPARE_BYTES) return []
  return [
    {
      what: `the disk has ${inMebibytes(left)} left, and a release takes ${inMebibytes(size)}`,
      why: 'each release is a copy, and without room for its journal Midflight stops where it stands until there is some',
      hint: 'Free some space where the state directory is, or let directory name only what runs: directory: ./dist',
    },
  ]
}
