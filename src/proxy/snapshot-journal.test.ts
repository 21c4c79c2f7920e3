import { execFileSync } from 'node:child_process'
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../core/problem.ts'
import type { Route, Snapshot } from '../core/route.ts'
import { testRoute } from '../../test/contract/router-world.ts'
import { lineOf } from './journal-line.ts'
import { readSnapshot } from './read-snapshot.ts'
import { SnapshotJournal } from './snapshot-journal.ts'

const routeOf = (service: string, weights: Route['weights'] = {}): Route => ({
  ...testRoute({ host: '127.0.0.1', port: 1 }, weights, []),
  service,
})
const changed = (version: number, ...routes: Route[]): Snapshot => ({ version, routes })
const never = (): Snapshot => {
  throw new Error('it was not to be written whole')
}

describe('the snapshot on the disk', () => {
  let directory: string
  let journal: SnapshotJournal
  const path = (name = 'snapshot.journal') => join(directory, name)
  const reject = { code: 'snapshot-corrupt' }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midflight-journal-'))
    journal = new SnapshotJournal(directory)
  })
  afterEach(async () => {
    await journal.close()
    await rm(directory, { recursive: true })
  })

  async function threeChanges(): Promise<void> {
    await journal.rewrite(changed(7, routeOf('shop')))
    await journal.append({ version: 8, service: 'till', route: routeOf('till') }, never)
    await journal.append({ version: 9, service: 'shop', route: routeOf('shop', { v1: 1 }) }, never)
    await journal.append({ version: 10, service: 'till' }, never)
  }

  it('is empty when there is none', async () => {
    expect(await readSnapshot(directory)).toEqual({ version: 0, routes: [] })
  })

  it('gives back what was written whole, and what changed since', async () => {
    await threeChanges()
    expect(await readSnapshot(directory)).toEqual(changed(10, routeOf('shop', { v1: 1 })))
  })

  it('costs for a change what the change is long, however much there is', async () => {
    const many = Array.from({ length: 1_000 }, (_, at) => routeOf(`s${at}`))
    await journal.rewrite(changed(1, ...many))
    const { size } = await stat(path())
    await journal.append({ version: 2, service: 's0', route: routeOf('s0', { v1: 1 }) }, never)
    expect((await stat(path())).size - size).toBeLessThan(1_000)
  })

  it('leaves out a last change that was cut short: nobody was answered', async () => {
    await threeChanges()
    const { size } = await stat(path())
    await truncate(path(), size - 20)
    expect((await readSnapshot(directory)).version).toBe(9)
    await appendFile(path(), '\0'.repeat(100))
    expect((await readSnapshot(directory)).version).toBe(9)
  })

  it('is refused when a change in the middle is damaged or missing', async () => {
    await threeChanges()
    const lines = (await readFile(path(), 'utf8')).split('\n')
    await writeFile(path(), lines.with(2, lines[2]!.replace('shop', 'shut')).join('\n'))
    await expect(readSnapshot(directory)).rejects.toMatchObject(reject)
    await writeFile(path(), lines.toSpliced(2, 1).join('\n'))
    await expect(readSnapshot(directory)).rejects.toMatchObject(reject)
    await writeFile(path(), lines.with(0, '{').join('\n'))
    await expect(readSnapshot(directory)).rejects.toMatchObject(reject)
  })

  it('is refused when the journal goes on from another whole file, and this one lacks some of it', async () => {
    await threeChanges()
    const whole = await readFile(path('snapshot.json'))
    const text = await readFile(path())
    await journal.rewrite(changed(8, routeOf('shop')))
    await writeFile(path(), text)
    await expect(readSnapshot(directory)).rejects.toMatchObject(reject)
    await writeFile(path('snapshot.json'), whole)
    expect((await readSnapshot(directory)).version).toBe(10)
  })

  it('begins anew when it was moved away as the refusal says', async () => {
    await threeChanges()
    const text = await readFile(path(), 'utf8')
    await writeFile(path(), text.replace('shop', 'shut'))
    const { hint } = (await readSnapshot(directory).catch((error: unknown) => error)) as Problem
    execFileSync('sh', ['-c', /`(.*)`/.exec(hint)![1]!])
    expect(await readSnapshot(directory)).toEqual({ version: 0, routes: [] })
    expect(await readdir(path('broken'))).toEqual(['snapshot.journal', 'snapshot.json'])
  })

  it('needs no journal that is older than the whole file', async () => {
    await threeChanges()
    const text = await readFile(path())
    await journal.rewrite(changed(10, routeOf('shop')))
    await writeFile(path(), text)
    expect(await readSnapshot(directory)).toEqual(changed(10, routeOf('shop')))
  })

  it('is refused when anything in the whole file has changed', async () => {
    await journal.rewrite(changed(7))
    const whole = await readFile(path('snapshot.json'), 'utf8')
    const broken = [whole.replace('7', '8'), whole.slice(0, -10), '', 'null', '{}', '{"format":2}']
    for (const text of broken) {
      await writeFile(path('snapshot.json'), text)
      await expect(readSnapshot(directory)).rejects.toMatchObject(reject)
    }
  })

  describe('while a new whole file is written', () => {
    const before = (service: string) => ({ version: 8, service, route: routeOf(service) })
    const during = (service: string) => ({ version: 9, service, route: routeOf(service) })
    const all = changed(9, routeOf('shop'), routeOf('till'), routeOf('desk'))
    const after = changed(8, routeOf('shop'), routeOf('till'))

    beforeEach(async () => {
      await journal.rewrite(changed(7, routeOf('shop')))
      await journal.append(before('till'), never)
    })

    it('takes changes, and has lost none when it is there', async () => {
      await journal.compact(after, async (end) => {
        await journal.append(during('desk'), never)
        await end()
      })
      expect(await readFile(path('snapshot.json'), 'utf8')).toContain('"version":8')
      expect(await readSnapshot(directory)).toEqual(all)
      await journal.append({ version: 10, service: 'desk' }, never)
      expect(await readSnapshot(directory)).toEqual({ ...after, version: 10 })
      expect(await readdir(directory)).toEqual(['snapshot.journal', 'snapshot.json'])
    })

    it('loses none when its process ends at any moment', async () => {
      const texts = () => Promise.all(['snapshot.json', 'snapshot.journal'].map(textOf))
      const textOf = (name: string) => readFile(path(name), 'utf8')
      const [oldBase, short] = await texts()
      await journal.compact(after, async (end) => {
        await journal.append(during('desk'), never)
        await end()
      })
      const [newBase, newJournal] = await texts()
      const line = lineOf(during('desk'))
      const base = /"checksum":"([^"]+)"/.exec(newBase!)![1]!
      const seam = lineOf({ base, version: 8 })
      const moments = [
        { wholeFile: oldBase!, changes: [short, line] },
        { wholeFile: oldBase!, changes: [short, line, seam.slice(0, 70)] },
        { wholeFile: oldBase!, changes: [short, line, seam] },
        { wholeFile: newBase!, changes: [short, line, seam] },
        { wholeFile: newBase!, changes: [newJournal] },
      ]
      for (const { wholeFile, changes } of moments) {
        await writeFile(path('snapshot.json'), wholeFile)
        await writeFile(path(), changes.join(''))
        expect(await readSnapshot(directory)).toEqual(all)
      }
    })

    it('forgets it when all was written anew in between', async () => {
      await journal.compact(after, async (end) => {
        await journal.rewrite(all)
        await end()
      })
      expect(await readSnapshot(directory)).toEqual(all)
    })

    it('goes on with the old one when there is no turn for its end', async () => {
      const stopping = new Error('stopping')
      await expect(journal.compact(after, () => Promise.reject(stopping))).rejects.toBe(stopping)
      await journal.append(during('desk'), never)
      expect(await readSnapshot(directory)).toEqual(all)
      expect(await readdir(directory)).toEqual(['snapshot.journal', 'snapshot.json'])
    })
  })

  it('is written whole in pieces exactly as in one', async () => {
    const many = changed(1, ...Array.from({ length: 97 }, (_, at) => routeOf(`s${at}`)))
    await journal.rewrite(many)
    const text = await readFile(path('snapshot.json'), 'utf8')
    expect(text).toContain(`"snapshot":${JSON.stringify(many)},`)
  })

  it('begins anew when the whole file was moved away, whatever its journal says', async () => {
    await threeChanges()
    await rm(path('snapshot.json'))
    expect(await readSnapshot(directory)).toEqual({ version: 0, routes: [] })
  })

  it('is read as earlier versions of Midflight wrote it, without a journal', async () => {
    await journal.rewrite(changed(7, routeOf('shop')))
    await rm(path())
    expect(await readSnapshot(directory)).toEqual(changed(7, routeOf('shop')))
  })

  it('says that nothing was changed when it cannot be written, and is written whole the next time', async () => {
    const nowhere = new SnapshotJournal(path('missing'))
    await expect(nowhere.rewrite(changed(1))).rejects.toMatchObject({
      code: 'snapshot-not-written',
    })
    await mkdir(path('missing'))
    await nowhere.append({ version: 2, service: 'shop' }, () => changed(2, routeOf('till')))
    expect(await readSnapshot(path('missing'))).toEqual(changed(2, routeOf('till')))
    await nowhere.close()
  })
})
