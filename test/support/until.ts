import { setTimeout as sleep } from 'node:timers/promises'

const EACH_MS = 20

/** Resolves with the first answer that passes, asking again and again. Rejects with the last one after `withinMs`. */
export async function until<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
  withinMs = 20_000,
  eachMs: number = EACH_MS,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (passes(answer)) return answer
    if (performance.now() > deadline)
      throw new Error(`not so after ${withinMs}ms: ${JSON.stringify(answer)}`)
    await sleep(eachMs)
  }
}
