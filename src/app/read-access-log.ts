import { join } from 'node:path'
import type { AccessFilter } from '../api/contract.ts'
import type { AccessRecord } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import { followFile } from '../drivers/runtimes/process/follow-file.ts'
import { logTail } from '../drivers/runtimes/process/log-tail.ts'

type ReadAccessLog = (
  service: string,
  filter: AccessFilter,
  signal: AbortSignal,
) => AsyncIterable<AccessRecord>

/** What the proxy wrote of a service's requests: the last of them, of the last megabyte, and then each further one. */
export function readAccessLog(stateDirectory: string, clock: Clock): ReadAccessLog {
  const path = join(stateDirectory, 'proxy', 'access.log')
  return async function* read(service, { lines, follow }, signal) {
    const tail = await logTail(path, Infinity)
    const before = tail.lines.flatMap((line) => recordIn(line, service))
    yield* before.slice(Math.max(0, before.length - lines))
    if (!follow) return
    for await (const line of followFile(path, { at: tail.at, clock, signal })) {
      yield* recordIn(line, service)
    }
  }
}

/** None where the line is of another service, tells of dropped ones, or was cut by a full disk. */
function recordIn(line: string, service: string): AccessRecord[] {
  try {
    const record = JSON.parse(line) as AccessRecord | null
    return record?.service === service ? [record] : []
  } catch {
    return []
  }
}
