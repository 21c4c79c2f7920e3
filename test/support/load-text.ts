import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { Problem } from '../../src/core/problem.ts'
import type { ServiceSpec } from '../../src/core/service.ts'

export type Variables = Readonly<Record<string, string>>

/** Two lines that are enough for a midflight.yaml. */
export const head = 'service: shop\nrun: node server.js\n'

/** Loads this text as the midflight.yaml of a new directory. */
export async function loadText(
  text: string | Uint8Array,
  env: Variables = {},
): Promise<ServiceSpec> {
  const path = join(await mkdtemp(join(tmpdir(), 'midflight-')), 'midflight.yaml')
  await writeFile(path, text)
  return loadConfig(path, { env })
}

/** The Problem that loading this text throws. */
export function problemIn(text: string | Uint8Array, env: Variables = {}): Promise<Problem> {
  return problemOf(loadText(text, env))
}

export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof Problem) return error
  throw new Error('no Problem was thrown', { cause: error })
}
