/** Something that holds back what it has to say until this turn of the loop has been heard to its end. */
export interface Holding {
  letGo(): void
}

/** So many are waited for at most: what came first must not wait for a long turn to end. */
const MOST = 64

const waiting: Holding[] = []

/**
 * Lets go of it once all that had come in this turn of the loop was read. Whoever is written to then is woken by the first
 * write, and still awake for the others, which spares the system a wake-up for nearly each of them; and an instance
 * whose goodbye came in the same turn is not sent a request any more. Redis does the same before it sleeps.
 */
export function writeTogether(holding: Holding): void {
  const count = waiting.push(holding)
  if (count === 1) setImmediate(letAllGo)
  else if (count === MOST) letAllGo()
}

function letAllGo(): void {
  for (const holding of waiting.splice(0)) holding.letGo()
}
