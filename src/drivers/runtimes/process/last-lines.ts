import type { InstanceId } from '../../../core/names.ts'
import { lastLinesOf } from './log-tail.ts'
import { logPath } from './state-paths.ts'

/**
 * The last `count` lines an instance printed, oldest first, also when it was stopped long ago or its log was just rotated.
 * They are the app's own words: show them to its owner, put them into no log of ours.
 */
export async function lastLines(
  stateDirectory: string,
  id: InstanceId,
  count: number,
): Promise<string[]> {
  const path = logPath(stateDirectory, id)
  const lines = await lastLinesOf(path, count)
  if (lines.length >= count) return lines
  return [...(await lastLinesOf(`${path}.1`, count - lines.length)), ...lines]
}
