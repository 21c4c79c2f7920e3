import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const units = globSync('docs/systemd/*.{service,socket}').toSorted()
const dropIns = globSync('docs/systemd/*.conf')

/** Why the units cannot be verified here. */
function missing(): string | undefined {
  const { error } = spawnSync('systemd-analyze', ['--version'])
  return error ? 'systemd-analyze is not there' : undefined
}

/** All units in a folder of their own, as a socket needs its service; their programs put where this machine has some: verify asks for them. */
function installed(unit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'midflight-systemd-'))
  for (const each of units) {
    const text = readFileSync(each, 'utf8').replaceAll(
      /^(Exec\w+)=\/opt\/midflight\/node_modules\/\.bin\/node/gm,
      `$1=${process.execPath}`,
    )
    writeFileSync(join(folder, basename(each)), text)
  }
  for (const dropIn of dropIns) {
    const place = join(folder, 'midflight.service.d')
    mkdirSync(place, { recursive: true })
    cpSync(dropIn, join(place, basename(dropIn)))
  }
  return join(folder, basename(unit))
}

const why = missing()
describe.skipIf(why)(`systemd accepts${why ? ` (${why})` : ''}`, () => {
  it.each(units)('%s', (unit) => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', installed(unit)],
      { encoding: 'utf8' },
    )
    expect([status, `${stdout}${stderr}`.trim()]).toEqual([0, ''])
  })

  it('no unit with a key it does not know', () => {
    const path = installed(units[0] ?? '')
    writeFileSync(path, readFileSync(path, 'utf8').replace('KillMode=', 'KilMode='))
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    })
    expect(stderr).toContain('KilMode')
  })
})
