import { chmod, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeSealed } from './remove-sealed.ts'

it('removes a directory whose folders and files are read-only', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'midflight-'))
  const sealed = join(parent, 'release')
  await mkdir(join(sealed, 'inner'), { recursive: true })
  await writeFile(join(sealed, 'inner', 'file'), '', { mode: 0o400 })
  await chmod(join(sealed, 'inner'), 0o500)
  await chmod(sealed, 0o500)
  await removeSealed(sealed)
  await removeSealed(sealed)
  expect(await readdir(parent)).toEqual([])
})
