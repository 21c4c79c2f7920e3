import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ProxySummary } from '../../src/cli/proxy-of.ts'
import { version } from '../../src/lib/version.ts'
import { given } from '../support/given.ts'
import type { Shop } from '../support/shop.ts'

async function proxyOf(shop: Shop): Promise<ProxySummary> {
  const { lines } = await shop.says('status')
  return (lines.at(-1) as { proxy: ProxySummary }).proxy
}

it('`midflight upgrade` replaces the proxy, and status shows the new one with its version', async () => {
  const shop = await given({ version: 'v1' })
  const before = await proxyOf(shop)
  const { exitStatus, lines } = await shop.says('upgrade')
  expect([exitStatus, lines.at(-1)]).toMatchObject([0, { isOlder: false }])
  const after = await proxyOf(shop)
  expect(after.pid).not.toBe(before.pid)
  expect(after).toMatchObject({ midflight: version(), workers: before.workers.map(() => ({})) })
  await shop.write({ version: 'v2' })
  await shop.does('deploy')

  const broken = join(shop.folder, 'broken')
  await mkdir(join(broken, 'dist/proxy'), { recursive: true })
  await writeFile(join(broken, 'package.json'), '{ "name": "midflight", "type": "module" }')
  await writeFile(join(broken, 'dist/proxy/main.js'), 'throw new Error("no")')
  const refused = await shop.says('upgrade', '--to', broken)
  expect([refused.exitStatus, refused.lines.at(-1)]).toMatchObject([
    1,
    { problem: { code: 'upgrade-failed' } },
  ])
  expect((await proxyOf(shop)).pid).toBe(after.pid)
  expect(await shop.isRefused('upgrade', '--to', shop.folder)).toMatchObject({
    code: 'package-unknown',
  })
  const elsewhere = ['--state', join(shop.folder, 'elsewhere')]
  expect(await shop.isRefused('upgrade', ...elsewhere)).toMatchObject({ code: 'proxy-missing' })
})
