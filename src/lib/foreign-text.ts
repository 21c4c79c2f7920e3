const MOST = 300
/** A shorter one is more likely a word than a secret: hiding `80` or `true` would hide the message. */
const LEAST_SECRET = 6

/** What somebody else wrote, fit to be shown: one line, printable, not long, and without any of these secrets. */
export function foreignText(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets
    .filter((secret) => secret.length >= LEAST_SECRET)
    .toSorted((a, b) => b.length - a.length)
  let safe = text
  for (const secret of longestFirst) safe = safe.replaceAll(secret, '***')
  const line = safe.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line
}
