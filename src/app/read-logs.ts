import type { LogFilter, LogLine } from '../api/contract.ts'
import { instanceId, type InstanceId } from '../core/names.ts'
import { followLog } from '../drivers/runtimes/process/follow-log.ts'
import { lastLines } from '../drivers/runtimes/process/last-lines.ts'
import type { Tools } from '../engine/tools.ts'
import { findRelease } from '../engine/world.ts'
import { merged } from './merged.ts'

type ReadLogs = (service: string, filter: LogFilter, signal: AbortSignal) => AsyncIterable<LogLine>

/** What the instances of a release printed: of the live one unless another is named. */
export function readLogs(tools: Tools, stateDirectory: string): ReadLogs {
  return async function* read(service, filter, signal) {
    const ids = await instancesFor(tools, service, filter)
    if (!filter.follow) {
      for (const instance of ids) {
        const lines = await lastLines(stateDirectory, instance, filter.lines)
        yield* lines.map((line) => ({ instance, line }))
      }
      return
    }
    yield* merged(
      ids.map((id) =>
        tagged(
          id,
          followLog(id, { stateDirectory, clock: tools.clock, lines: filter.lines, signal }),
        ),
      ),
    )
  }
}

async function* tagged(
  instance: InstanceId,
  lines: AsyncIterable<string>,
): AsyncGenerator<LogLine> {
  for await (const line of lines) yield { instance, line }
}

async function instancesFor(
  tools: Tools,
  service: string,
  filter: LogFilter,
): Promise<InstanceId[]> {
  const id = filter.release ?? (await tools.services.read(service))?.live
  if (id === undefined) return []
  const release = await findRelease(tools, service, id)
  const slots = Array.from({ length: release.spec.instances }, (_, slot) => slot)
  return slots
    .filter((slot) => filter.instance === undefined || filter.instance === slot)
    .map((slot) => instanceId(service, id, slot))
}
