import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceId, ServiceName } from '../../../core/names.ts'
import { Problem } from '../../../core/problem.ts'
import { writeWhole } from '../../../lib/write-whole.ts'
import type { Exit, InstanceRecord } from './instance-record.ts'
import { makePrivate, recordsPath } from './state-paths.ts'
import { unlessMissing } from './unless-missing.ts'

interface ExitNote {
  /** Of the start it belongs to. */
  readonly token: string
  readonly exit: Exit
}

export async function readRecord(
  state: string,
  id: InstanceId,
): Promise<InstanceRecord | undefined> {
  return (await readJson(recordPath(state, id))) as InstanceRecord | undefined
}

/** Every record, or those of one service. */
export async function listRecords(state: string, service?: ServiceName): Promise<InstanceRecord[]> {
  const names = (await unlessMissing(readdir(recordsPath(state)))) ?? []
  const ids = names
    .filter((name) => name.endsWith('.json') && (!service || name.startsWith(`${service}.`)))
    .map((name) => name.slice(0, -'.json'.length))
  const records = await Promise.all(ids.map((id) => readRecord(state, id)))
  return records.filter((record) => record !== undefined)
}

/** Resolves when the record is on the disk. Rejects with `disk-full` or `record-not-written`, the old one untouched. */
export async function writeRecord(state: string, record: InstanceRecord): Promise<void> {
  await makePrivate(recordsPath(state))
  await writeJson(recordPath(state, record.id), record)
}

/** How the process of a record ended, where its parent could still write it down. */
export async function readExit(state: string, record: InstanceRecord): Promise<Exit | undefined> {
  const note = (await readJson(exitPath(state, record.id))) as ExitNote | undefined
  return note?.token === record.token ? note.exit : undefined
}

/** In a file of its own: written into the record, it could bring back one that another controller has just removed. */
export async function writeExit(state: string, id: InstanceId, note: ExitNote): Promise<void> {
  await writeJson(exitPath(state, id), note)
}

export async function removeRecord(state: string, id: InstanceId): Promise<void> {
  await rm(recordPath(state, id), { force: true })
  await rm(exitPath(state, id), { force: true })
}

function recordPath(state: string, id: InstanceId): string {
  return join(recordsPath(state), `${id}.json`)
}

function exitPath(state: string, id: InstanceId): string {
  return join(recordsPath(state), `${id}.exit`)
}

async function readJson(path: string): Promise<unknown> {
  const text = await unlessMissing(readFile(path, 'utf8'))
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch (cause) {
    throw new Problem('record-damaged', {
      message: `${path} is not what was written there`,
      hint: 'see with `ps` whether the instance it names still runs, end it, and remove the file',
      data: { path },
      cause,
    })
  }
}

async function writeJson(path: string, content: unknown): Promise<void> {
  try {
    await writeWhole(path, `${JSON.stringify(content)}\n`)
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code)
    throw new Problem(code === 'ENOSPC' ? 'disk-full' : 'record-not-written', {
      message: `${path} could not be written (${code})`,
      hint: 'see that the state directory has room and belongs to this user, then try again',
      data: { path, error: code },
      cause,
    })
  }
}
