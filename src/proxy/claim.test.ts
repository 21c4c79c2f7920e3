import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimDirectory } from './claim.ts'

describe('the claim on a directory', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'midflight-claim-'))))
  afterEach(async () => await rm(directory, { recursive: true }))

  it('is given to one at a time', () => {
    const first = claimDirectory(directory)
    expect(first).toBeDefined()
    expect(claimDirectory(directory)).toBeUndefined()
    first?.release()
    const next = claimDirectory(directory)
    expect(next).toBeDefined()
    next?.release()
  })
})
