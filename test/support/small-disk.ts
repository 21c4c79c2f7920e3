import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const MIB = 1_024 * 1_024
/** More than the log of the store grows to before it is folded in. */
const SIZE_MIB = 12

/** A disk of a few MiB at this directory: a file system in memory, which only root may make. */
export interface SmallDisk {
  fill(): void
  makeRoom(): Promise<void>
  remove(): Promise<void>
}

/** Why a test that needs one has to be skipped here, if so. */
export function missing(): string | undefined {
  if (process.platform !== 'linux') return 'tmpfs is Linux only'
  return process.getuid?.() === 0 ? undefined : 'only root may mount'
}

/** Lets nothing new be written below this directory, as a disk that the system does not trust any more. */
export function readOnlyDisk(directory: string): { remove(): void } {
  execFileSync('mount', ['--bind', directory, directory])
  const remove = () => void execFileSync('umount', [directory])
  try {
    execFileSync('mount', ['-o', 'remount,bind,ro', directory])
    return { remove }
  } catch (error) {
    remove()
    throw error
  }
}

export function smallDisk(directory: string): SmallDisk {
  mkdirSync(directory, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m,mode=700`, 'tmpfs', directory])
  const filler = join(directory, 'filler')
  return {
    fill: () => {
      try {
        writeFileSync(filler, Buffer.alloc((SIZE_MIB + 1) * MIB))
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ENOSPC') throw error
      }
    },
    makeRoom: async () => rm(filler),
    remove: async () => {
      execFileSync('umount', [directory])
    },
  }
}
