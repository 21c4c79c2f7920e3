import { cpus } from 'node:os'

/** Which share of the time the cores that the proxy does not have worked, while this was done. */
export async function whileBusy<T>(
  what: () => Promise<T>,
): Promise<{ readonly result: T; readonly busy: number }> {
  const before = timesOfOthers()
  const result = await what()
  const after = timesOfOthers()
  const all = after.all - before.all
  return { result, busy: all === 0 ? 0 : 1 - (after.idle - before.idle) / all }
}

/** All cores but the last; see divideCores. */
function timesOfOthers(): { readonly all: number; readonly idle: number } {
  const times = cpus()
    .slice(0, -1)
    .map((core) => core.times)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    all: sum(times.flatMap((each) => Object.values(each))),
    idle: sum(times.map((each) => each.idle)),
  }
}
