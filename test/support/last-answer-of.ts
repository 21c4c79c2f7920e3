import { setTimeout as sleep } from 'node:timers/promises'

const EACH_MS = 10
const SURE = 30

/** Asks again and again, and resolves with the time (epoch) of the last answer of this version, when others follow. */
export async function lastAnswerOf(version: string, url: string): Promise<number> {
  let lastMs = Date.now()
  let others = 0
  while (others < SURE) {
    const answer = await fetch(url, { headers: { connection: 'close' } })
    others = answer.headers.get('x-version') === version ? 0 : others + 1
    if (others === 0) lastMs = Date.now()
    await answer.arrayBuffer()
    await sleep(EACH_MS)
  }
  return lastMs
}
