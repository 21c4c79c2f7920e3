import { open } from 'node:fs/promises'
import { unlessMissing } from './unless-missing.ts'

const CHUNK = 64 * 1024
/** However long the lines are, no more than this is read. */
const MOST = 1024 * 1024
const NEWLINE = 10

export interface LogTail {
  /** Whole lines, oldest first, without their ends. */
  readonly lines: readonly string[]
  /** What stands after the last of them; empty when the file ends with a line's end. */
  readonly unfinished: string
  /** The byte of the file where `unfinished` begins: reading on from there loses and repeats nothing. */
  readonly at: number
}

/** The last `count` whole lines of a file and what follows them. Nothing when there is no file. */
export async function logTail(path: string, count: number): Promise<LogTail> {
  await using file = await unlessMissing(open(path))
  if (!file) return { lines: [], unfinished: '', at: 0 }
  const end = (await file.stat()).size
  let start = end
  let bytes = Buffer.alloc(0)
  while (start > 0 && end - start < MOST && newlinesIn(bytes) <= count) {
    const length = Math.min(CHUNK, start)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start - length)
    bytes = Buffer.concat([buffer.subarray(0, bytesRead), bytes])
    start -= length
  }
  const rest = bytes.lastIndexOf(NEWLINE) + 1
  const whole = bytes.subarray(0, rest).toString('utf8').split('\n').slice(0, -1)
  return {
    lines: whole.slice(Math.max(0, whole.length - count)),
    unfinished: bytes.subarray(rest).toString('utf8'),
    at: start + rest,
  }
}

/** The last `count` lines of a file, an unfinished one among them. */
export async function lastLinesOf(path: string, count: number): Promise<string[]> {
  const { lines, unfinished } = await logTail(path, count)
  const all = unfinished === '' ? lines : [...lines, unfinished]
  return all.slice(Math.max(0, all.length - count))
}

function newlinesIn(bytes: Buffer): number {
  return bytes.reduce((count, byte) => (byte === NEWLINE ? count + 1 : count), 0)
}
