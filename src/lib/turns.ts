/** Runs `work` after all earlier work under the same key has ended, well or badly. */
export type InTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>

/** Work under one key, one at a time and in the order asked for; other keys do not wait. */
export function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key)
    const mine = before ? before.then(work, work) : work()
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
