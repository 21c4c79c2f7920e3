import { appendFileSync } from 'node:fs'

const path = process.env.LEDGER

/**
 * Notes that the work for `id` was done, before it is answered: one line, `id version pid …more`.
 * O_APPEND puts every line whole behind the last one, also when several instances write at once.
 */
export function record(id, version, ...more) {
  if (path) appendFileSync(path, `${[id, version, process.pid, ...more].join(' ')}\n`)
}
