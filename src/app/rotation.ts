import { rotateLogs } from '../drivers/runtimes/process/rotate-logs.ts'

const EACH_MS = 5_000

/** Keeps the instances' logs from filling the disk, until it is stopped. A failure is told and tried again. */
export function rotation(
  stateDirectory: string,
  failed: (error: unknown) => void,
): { stop: () => void } {
  const timer = setInterval(() => {
    rotateLogs(stateDirectory).catch(failed)
  }, EACH_MS)
  return {
    stop: () => {
      clearInterval(timer)
    },
  }
}
