import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Doubt } from '../../src/core/doubt.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import { midflight, type Spoken } from '../../src/prove/demo/midflight.ts'
import { makeWorkspace } from '../../src/prove/demo/workspace.ts'
import { everybodyGets, itRefuses, itRuns, nobodyNoticed } from '../support/claims.ts'
import { expectThat, givenForAll, type Sentence, when } from '../support/given.ts'
import { underLoad } from '../support/happenings.ts'
import { AT_ONCE, type Shop } from '../support/shop.ts'
import { until } from '../support/until.ts'

const GOOD = { behaviour: { graceful: true } }

interface Found {
  readonly code: string
  readonly level: string
  readonly what: string
}

interface GroupChecked {
  readonly services: readonly { readonly service: string; readonly findings: readonly Found[] }[]
  readonly together: readonly Found[]
}

function foundIn({ lines }: Spoken): { ok: boolean; codes: readonly string[] } {
  const { ok, findings } = lines.at(-1) as { ok: boolean; findings: readonly Found[] }
  return { ok, codes: findings.map(({ code, level }) => `${code}: ${level}`) }
}

async function findingsOf(shop: Shop): Promise<readonly Found[]> {
  const { lines } = await shop.says('check')
  return (lines.at(-1) as { findings: readonly Found[] }).findings
}

describe('before a release is rolled out, it is looked at', () => {
  const shop = givenForAll({ version: 'v1', ...GOOD })

  it('a doubt that is an error refuses the deploy, and nothing has changed', async () => {
    await shop().write({ version: 'v2', file: { preflight: { sigterm: 'error' } } })
    const because = {
      code: 'preflight-failed',
      message:
        /^v2 of demo is not rolled out, and nothing has changed: sigterm: an instance on trial left a request without an answer/,
      hint: /process\.on\('SIGTERM'.*To deploy all the same: preflight: { sigterm: warn }$/,
    }
    await expectThat(shop(), itRefuses(['deploy'], because), asBefore)
  })

  it('check tells the same without a deploy', async () => {
    const { ok, codes } = foundIn(await shop().says('check'))
    expect(ok).toBe(false)
    expect(codes).toEqual(expect.arrayContaining(['tests: warning', 'sigterm: error']))
    await expectThat(shop(), asBefore)
  })

  it('check tells how long a canary takes to be judged by the traffic there is', async () => {
    await when(shop(), underLoad)
    await shop().write({ version: 'v2', rollout: '{ strategy: canary, steps: [1%], hold: 1s }' })
    const what = await until(
      async () => (await findingsOf(shop())).find(({ code }) => code === 'traffic')?.what ?? '',
      (said) => said !== '' && !said.includes('for ever'),
    )
    expect(what).toMatch(
      /^at \d\S* requests a second, 1 of 1 shares .* \(80 answers take 1%: \d+ (?:s|min)\)$/,
    )
    await expectThat(shop(), nobodyNoticed)
  })

  it('a doubt that is a warning is kept with the rollout', async () => {
    await shop().write({ version: 'v2' })
    await shop().does('deploy')
    const doubts: readonly Doubt[] = (await shop().status()).rollout?.plan.doubts ?? []
    expect(doubts.map(({ check, level }) => `${check}: ${level}`)).toEqual([
      'rollback: warn',
      'tests: warn',
      'sigterm: warn',
    ])
  })

  it('check works where no controller runs, and leaves nothing', async () => {
    const workspace = await makeWorkspace()
    onTestFinished(() => workspace.remove())
    await workspace.write({ version: 'v1', rollout: AT_ONCE })
    const { ok, codes } = foundIn(await midflight(workspace.folder, ['check']))
    expect(ok).toBe(true)
    expect(codes).toEqual(expect.arrayContaining(['rollback: warning', 'sigterm: warning']))
    expect(existsSync(workspace.stateDirectory)).toBe(false)
    expect(leftovers(workspace.folder)).toEqual([])
  })

  it('check --group works where no controller runs, and leaves nothing', async () => {
    const all = [await makeWorkspace(), await makeWorkspace()]
    onTestFinished(async () => void (await Promise.all(all.map(async (each) => each.remove()))))
    const [first, second] = all.map(({ folder }) => folder)
    if (first === undefined || second === undefined) throw new Error('there are two')
    for (const each of all) await each.write({ version: 'v1', rollout: AT_ONCE })
    const file = await readFile(join(second, 'midflight.yaml'), 'utf8')
    await writeFile(join(second, 'midflight.yaml'), file.replace('service: demo', 'service: other'))
    const group = join(first, 'midflight.group.yaml')
    await writeFile(
      group,
      `group: two\nservices: [${JSON.stringify(first)}, ${JSON.stringify(second)}]\n`,
    )
    const { exitStatus, lines } = await midflight(first, ['check', '--group'])
    const { services, together } = lines.at(-1) as GroupChecked
    expect([exitStatus, together]).toEqual([0, []])
    const sigterm = expect.objectContaining({ code: 'sigterm', level: 'warning' }) as Found
    for (const { findings } of services) expect(findings).toContainEqual(sigterm)
    expect(services.map(({ service }) => service)).toEqual(['demo', 'other'])
    for (const { stateDirectory, folder } of all) {
      expect(existsSync(stateDirectory)).toBe(false)
      expect(leftovers(folder)).toEqual([])
    }
  })

  const asBefore: Sentence = async (of) => {
    await expectThat(of, everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
    const state = of.workspace.stateDirectory
    expect(await readdir(join(state, 'releases', 'demo'))).toEqual(['v1'])
    expect(await readdir(join(state, 'logs'))).toEqual(['demo'])
  }
})
