import { once, type EventEmitter } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { missing, smallDisk } from '../../test/support/small-disk.ts'
import { until } from '../../test/support/until.ts'
import { controllerLog } from './controller-log.ts'

const reason = missing()

describe.skipIf(reason)(`on a full disk${reason ? ` (${reason})` : ''}`, () => {
  it('keeps its lines until there is room, and says then that it could not be written', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mf-'))
    const disk = smallDisk(directory)
    const log = controllerLog(directory)
    onTestFinished(async () => {
      await closed(log)
      await disk.remove()
      await rm(directory, { recursive: true })
    })
    log.info('before')
    disk.fill()
    const long = 'x'.repeat(5_000)
    for (let line = 0; line < 3; line += 1) log.info({ long }, `meanwhile ${line}`)
    await disk.makeRoom()
    log.info('after')
    const lines = async () =>
      (await readFile(join(directory, 'controller.log'), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { msg: string; error?: string })
    const all = await until(lines, (found) => found.length === 6)
    expect(all.map(({ msg }) => msg)).toEqual([
      'before',
      'meanwhile 0',
      'meanwhile 1',
      'meanwhile 2',
      'after',
      'the log could not be written for a while',
    ])
    expect(all.at(-1)?.error).toContain('ENOSPC')
  })
})

/** As the end of its process does; until then its disk cannot be taken away. */
async function closed(log: object): Promise<void> {
  const file = (log as Record<symbol, EventEmitter & { end(): void }>)[pino.symbols.streamSym]
  if (!file) throw new Error('a log without a file')
  file.end()
  await once(file, 'close')
}
