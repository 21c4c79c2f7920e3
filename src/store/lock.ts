import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../core/problem.ts'
import { asProblem } from './failure.ts'
import { onlyMine } from '../lib/only-mine.ts'
import { writeWhole } from '../lib/write-whole.ts'

/**
 * Holds a state directory for this process until `release`, or until the process is gone, however it ends: the
 * lock is SQLite's on a file of its own, which the system drops with its holder. Rejects with `state-in-use`.
 */
export async function lockState(stateDirectory: string): Promise<{ release: () => void }> {
  const path = join(stateDirectory, 'controller.lock')
  const holder = join(stateDirectory, 'controller.pid')
  const database = take(path, holder)
  await writeWhole(holder, `${process.pid}\n`)
  return {
    release: () => {
      database.close()
    },
  }
}

function take(path: string, holder: string): DatabaseSync {
  try {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
    onlyMine(path)
    const database = new DatabaseSync(path)
    database.exec('pragma locking_mode = exclusive; begin exclusive; commit')
    return database
  } catch (error) {
    const problem = asProblem(error, path)
    throw problem instanceof Problem && problem.code === 'state-in-use'
      ? inUse(path, holder)
      : problem
  }
}

function inUse(path: string, holder: string): Problem {
  const pid = pidIn(holder)
  return new Problem('state-in-use', {
    message: `another controller${pid === undefined ? '' : ` (pid ${pid})`} already works on ${join(path, '..')}`,
    hint: 'Release with `midflight deploy`, look with `midflight status`, or end it with `midflight down`. Another service needs its own --state DIR.',
    data: { pid },
  })
}

function pidIn(holder: string): number | undefined {
  try {
    const pid = Number(readFileSync(holder, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}
