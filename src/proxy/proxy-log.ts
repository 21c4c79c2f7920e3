import { writeSync } from 'node:fs'

/** Writes one record. `event` says what happened in a few words; nothing in `data` may be a secret. */
export type Log = (event: string, data?: Readonly<Record<string, unknown>>) => void

/**
 * A log of one-line JSON records on an open file. Each is written before the call returns, so that the last words of
 * a dying process are kept. A record that cannot be written is counted and told with the next one that can: a full
 * disk must not stop traffic.
 */
export function proxyLog(file = 1): Log {
  let lost = 0
  return (event, data = {}) => {
    const record = { at: new Date().toISOString(), pid: process.pid, event, ...data }
    try {
      writeSync(file, `${JSON.stringify(lost > 0 ? { ...record, lost } : record)}\n`)
      lost = 0
    } catch {
      lost += 1
    }
  }
}
