import { execFileSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  GOOD_APP,
  planTo,
  type TriedRelease,
  triedRelease,
} from '../../test/support/tried-release.ts'
import type { PreflightCheck } from '../core/doubt.ts'
import type { Plan } from '../core/plan.ts'
import type { Candidate } from '../core/preflight.ts'
import type { ServiceSpec } from '../core/service.ts'
import type { Traffic } from '../core/traffic.ts'
import { preflight } from './preflight.ts'

async function whats(tried: TriedRelease, check: PreflightCheck, more: Partial<Candidate> = {}) {
  return (await tried.doubts({ [check]: 'warn' }, more)).map(({ what }) => what)
}

const GATE = { errors: 0.05, minRequests: 20 }
const rolling = (bakeMs: number): Partial<ServiceSpec> => ({
  rollout: { strategy: 'rolling', batch: 1, surge: 1, gate: GATE, bakeMs },
})

describe('what is doubted about going back', () => {
  it('is that a first release has nothing before it', async () => {
    const { from: _, ...first } = planTo(2)
    const tried = await triedRelease(GOOD_APP, rolling(1_000))
    expect(await whats(tried, 'rollback', { plan: first })).toEqual([
      'this is the first release, so there is none to go back to',
    ])
  })

  it('is that the files of the one that serves are gone', async () => {
    const tried = await triedRelease(GOOD_APP, rolling(1_000))
    const gone = ['v1 serves, but its files are not kept any more']
    expect(await whats(tried, 'rollback')).toEqual(gone)
    const live = { ...tried.release, id: 'v1', directory: '/nowhere' }
    expect(await whats(tried, 'rollback', { live })).toEqual(gone)
  })

  it('is that nobody watches after the last batch', async () => {
    const tried = await triedRelease(GOOD_APP, rolling(0))
    const live = { ...tried.release, id: 'v1' }
    expect(await whats(tried, 'rollback', { live })).toEqual([
      'rollout.bake is 0s with strategy: rolling',
    ])
  })

  it('is nothing when the old release is there and the new one is watched', async () => {
    const tried = await triedRelease(GOOD_APP, rolling(1_000))
    expect(await whats(tried, 'rollback', { live: { ...tried.release, id: 'v1' } })).toEqual([])
  })
})

describe('what is doubted about tests', () => {
  it('is that no gate runs one', async () => {
    const tried = await triedRelease(GOOD_APP)
    expect(await whats(tried, 'tests')).toEqual(['no command tests the new release'])
  })

  it('is nothing when one does', async () => {
    const { rollout } = (await triedRelease(GOOD_APP)).release.spec
    const gate = { name: 'smoke', when: 'before', everyMs: 1_000, noAnswer: 'undo' } as const
    const question = { kind: 'command', run: 'npm run smoke' } as const
    const tried = await triedRelease(GOOD_APP, {
      rollout: { ...rollout, gates: [{ ...gate, question }] },
    })
    expect(await whats(tried, 'tests')).toEqual([])
  })
})

describe('what is doubted about the machine', () => {
  it('is that there is too little memory for what runs at once', async () => {
    const tried = await triedRelease(GOOD_APP, {}, { memoryBytes: () => 50 * 2 ** 20 })
    expect(await whats(tried, 'memory', { plan: planTo(8) })).toEqual([
      expect.stringMatching(
        /^8 more instances of \d+ MiB each take \d+ MiB, and 50 MiB of memory are left$/,
      ),
    ])
    expect(await tried.left()).toEqual([])
  })

  it('is nothing when they fit, or when none more run than before', async () => {
    const roomy = await triedRelease(GOOD_APP, {}, { memoryBytes: () => 2 ** 40 })
    expect(await whats(roomy, 'memory', { plan: planTo(8) })).toEqual([])
    const tight = await triedRelease(GOOD_APP, {}, { memoryBytes: () => 0 })
    expect(await whats(tight, 'memory', { plan: planTo(0) })).toEqual([])
  })

  it('is that the disk has no room for another release', async () => {
    const tried = await triedRelease(GOOD_APP, {}, { diskBytes: async () => 2 ** 20 })
    expect(await whats(tried, 'disk')).toEqual([
      'the disk has 1 MiB left, and a release takes 1 MiB',
    ])
  })

  it('is nothing when it has', async () => {
    const tried = await triedRelease(GOOD_APP, {}, { diskBytes: async () => 2 ** 40 })
    expect(await whats(tried, 'disk')).toEqual([])
  })
})

describe('what is doubted about traffic', () => {
  const held = (hold: number | 'until-promoted'): Plan => ({
    ...planTo(1),
    strategy: 'canary',
    steps: [1, 5, 100].flatMap((percent) => [
      {
        kind: 'shift-traffic',
        from: { v1: 10_000 },
        to: { v1: 10_000 - percent * 100, v2: percent * 100 },
      } as const,
      { kind: 'ask-gate', release: 'v2', slots: [0], hold, gate: GATE } as const,
    ]),
  })
  const at = (perSecond: number) =>
    ({ sights: { v1: { perSecond, errorsPerSecond: 0, cells: [] } } }) as unknown as Traffic

  it('is that a share is over before a bad release shows, with the time it takes', async () => {
    const tried = await triedRelease(GOOD_APP)
    expect(await whats(tried, 'traffic', { plan: held(30_000), traffic: at(100) })).toEqual([
      'at 100 requests a second, 1 of 2 shares are over before a release that fails one time in twenty shows it (80 answers take 1%: 80 s, 5%: 16 s)',
    ])
  })

  it('is that nobody comes at all', async () => {
    const tried = await triedRelease(GOOD_APP)
    const [what] = await whats(tried, 'traffic', { plan: held(30_000), traffic: at(0) })
    expect(what).toMatch(/2 of 2 shares.*1%: for ever, 5%: for ever/)
  })

  it('is nothing with enough of it, and where a person decides', async () => {
    const tried = await triedRelease(GOOD_APP)
    const enough = { plan: held(90_000), traffic: at(100) }
    expect(await whats(tried, 'traffic', enough)).toEqual([])
    const decided = { plan: held('until-promoted'), traffic: at(0) }
    expect(await whats(tried, 'traffic', decided)).toEqual([])
  })
})

describe('what is doubted about the branch', () => {
  async function repository(behind: number): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'mf-git-'))
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: directory,
      })
    git('init', '-q', '-b', 'main')
    await writeFile(join(directory, 'server.js'), GOOD_APP)
    git('add', '.')
    git('commit', '-q', '-m', 'first')
    git('branch', 'work')
    for (let at = 0; at < behind; at += 1) git('commit', '-q', '--allow-empty', '-m', String(at))
    git('checkout', '-q', 'work')
    return directory
  }

  it('is that it lacks much of what the main branch has', async () => {
    const directory = await repository(21)
    const tried = await triedRelease(GOOD_APP, { directory })
    expect(await whats(tried, 'branch')).toEqual([`${directory} is 21 commits behind main`])
  })

  it('is nothing when it lacks a little, and where there is no repository', async () => {
    const tried = await triedRelease(GOOD_APP, { directory: await repository(3) })
    expect(await whats(tried, 'branch')).toEqual([])
    expect(await whats(await triedRelease(GOOD_APP), 'branch')).toEqual([])
  })
})

describe('a service that sets no levels', () => {
  it('is not looked at', async () => {
    const tried = await triedRelease(GOOD_APP)
    const { release, tools } = tried
    const { doubts } = await preflight(tools).look({ release, plan: planTo(1) })
    expect(doubts).toEqual([])
    expect(await tried.left()).toEqual([])
  })
})
