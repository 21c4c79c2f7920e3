import { constants } from 'node:fs'
import { copyFile, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { shiftFiles } from '../../../lib/shift-files.ts'
import { unlessMissing } from './unless-missing.ts'

export interface LogLimits {
  /** A log larger than this is rotated. */
  readonly bytes: number
  /** How many files each log may have, the one being written among them. */
  readonly files: number
}

const LOG_LIMITS: LogLimits = { bytes: 10 * 1024 * 1024, files: 5 }

/**
 * Rotates each log that has grown too large: `x.log` becomes `x.log.1`, `.1` becomes `.2`, and so on; the oldest goes.
 *
 * The app writes into its file itself and cannot be asked to open another, so the file is copied and then cut off.
 * What the app writes between the two is lost: a few lines in ten megabytes. The other way, a process that reads a pipe,
 * would end the app's ability to write when it dies. A crash in between repeats lines and loses none.
 * To be called every few seconds. Rejects with the system's error; the log that met it keeps growing.
 */
export async function rotateLogs(
  stateDirectory: string,
  limits: LogLimits = LOG_LIMITS,
): Promise<void> {
  const root = join(stateDirectory, 'logs')
  const names = (await unlessMissing(readdir(root, { recursive: true }))) ?? []
  for (const name of names.filter((name) => name.endsWith('.log'))) {
    const path = join(root, name)
    if ((await stat(path)).size > limits.bytes) await rotate(path, limits.files)
  }
}

async function rotate(path: string, files: number): Promise<void> {
  await shiftFiles(path, files)
  if (files > 1) await copyWhole(path, `${path}.1`)
  await truncate(path, 0)
}

async function copyWhole(from: string, to: string): Promise<void> {
  const beside = `${to}.new`
  try {
    await copyFile(from, beside, constants.COPYFILE_FICLONE)
    await rename(beside, to)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
