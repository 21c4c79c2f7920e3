import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Problem } from '../core/problem.ts'
import { faultsProblem } from './fault.ts'

const MAKE_ONE = 'Run midflight init to make one'

/** The text of the file. Throws `config-missing`, `config-unreadable`, or `config-syntax` when it is not UTF-8. */
export async function readConfig(path: string, makeOne: string = MAKE_ONE): Promise<string> {
  const bytes = await bytesOf(path, makeOne)
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes)
  throw faultsProblem('config-syntax', basename(path), [
    {
      ...placeOfBadByte(bytes),
      key: '',
      message: 'this is not UTF-8',
      hint: 'Save the file as UTF-8.',
    },
  ])
}

async function bytesOf(path: string, makeOne: string): Promise<Buffer> {
  try {
    // Asked first, because reading a pipe would wait for ever.
    if (!(await stat(path)).isFile()) throw unreadable(path, 'it is not a file')
    return await readFile(path)
  } catch (error) {
    if (error instanceof Problem) throw error
    const code = String((error as { code?: unknown }).code)
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(path, makeOne)
    throw unreadable(path, code, error)
  }
}

/** There is no such file yet; `makeOne` tells how to come by one. */
export function missing(path: string, makeOne: string = MAKE_ONE): Problem {
  return new Problem('config-missing', {
    message: `there is no ${path}`,
    hint: `${makeOne}, or go to the directory that has it.`,
    data: { path },
  })
}

/** It is there, and yet it cannot be read. */
export function unreadable(path: string, reason: string, cause?: unknown): Problem {
  return new Problem('config-unreadable', {
    message: `${path} cannot be read: ${reason}`,
    hint: 'Give the path of a midflight.yaml that you may read.',
    data: { path },
    cause,
  })
}

function placeOfBadByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  const before = new TextDecoder().decode(bytes).split('\ufffd')[0] ?? ''
  const lines = before.split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}
