import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const MIB = 1_024 * 1_024
/** More than the log of the store grows to before it is folded in. */
const SIZE_MIB = 12

const TRIES = 20

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
  // Who opens a file in between keeps it until then; nothing is lost by that, since it is the same disk below.
  const remove = () => void execFileSync('umount', ['--lazy', directory])
  for (let left = TRIES; ; left -= 1) {
    execFileSync('mount', ['--bind', directory, directory])
    try {
      execFileSync('mount', ['-o', 'remount,bind,ro', directory], { stdio: 'pipe' })
      return { remove }
    } catch (error) {
      // Somebody has opened a file to write between the two.
      remove()
      if (left === 1) throw error
    }
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
