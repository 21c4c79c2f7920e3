import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A new directory named `name` with these files in it. */
export async function projectOf(
  files: Readonly<Record<string, string>>,
  name = 'shop',
): Promise<string> {
  const directory = join(await mkdtemp(join(tmpdir(), 'midflight-')), name)
  await mkdir(directory)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  return directory
}
