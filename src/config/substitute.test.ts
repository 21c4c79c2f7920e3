import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'
import { loadConfig } from './load.ts'

const folder = () => mkdtemp(join(tmpdir(), 'midflight-'))

describe('a variable', () => {
  it('comes from the environment, then from .env beside the file, then from its default', async () => {
    const here = await folder()
    const path = join(here, 'midflight.yaml')
    await writeFile(join(here, '.env'), 'A=file\nB=file\n')
    await writeFile(path, `${head}env: { A: "\${A}", B: "\${B}", C: "\${C:-default}" }`)
    const { env } = await loadConfig(path, { env: { A: 'process' } })
    expect(env).toEqual({ A: 'process', B: 'file', C: 'default' })
  })

  it('cannot change the structure of the file', async () => {
    const value = 'x, b: 1}\ninstances: 9\n# "'
    const spec = await loadText(`${head}env: { A: \${A} }\n`, { A: value })
    expect(spec.env).toEqual({ A: value })
    expect(spec.instances).toBe(2)
  })

  it('in the command of a gate is for its shell, so that no secret is in a command', async () => {
    const gates =
      '[{ command: "check ${KEY} ${MIDFLIGHT_RELEASE}" }, { webhook: "http://ci/${KEY}" }]'
    const { env, rollout } = await loadText(`${head}rollout: { gates: ${gates} }\n`, { KEY: 'k3y' })
    expect(env).toEqual({ KEY: 'k3y' })
    expect(rollout.gates?.map(({ question }) => question)).toEqual([
      { kind: 'command', run: 'check ${KEY} ${MIDFLIGHT_RELEASE}' },
      { kind: 'webhook', url: 'http://ci/k3y', headers: {} },
    ])
  })

  it('may be a number', async () => {
    expect(await loadText(`${head}instances: \${N}`, { N: '4' })).toMatchObject({ instances: 4 })
  })

  it('that is not set is told with its place, together with all others', async () => {
    const thrown = await problemIn(`${head}env:\n  A: x\${ONE}y\n  B: \${TWO}\n`)
    expect(thrown.code).toBe('variable-unset')
    expect(thrown.message.split('\n')).toEqual([
      'midflight.yaml:4:7: the variable ONE is not set',
      'midflight.yaml:5:6: the variable TWO is not set',
    ])
  })

  it('never shows its value in what is thrown', async () => {
    const secret = 'hunter2-postgres'
    const lines = ['instances', 'listen', 'directory', 'ready', 'service'].map(
      (key) => `${key}: \${S}`,
    )
    const nested =
      'stop: { drain: ${S}, signal: ${S} }\nlimits: { body: ${S} }\nrollout: { strategy: ${S} }'
    for (const text of [`run: x\n${lines.join('\n')}\n${nested}`, `${head}directory: \${S}`]) {
      const thrown = await problemIn(text, { S: secret })
      expect(JSON.stringify(thrown)).not.toContain('hunter2')
      expect(thrown.message).toContain('is "${S}"'.slice(3))
    }
  })

  it('in run is left to the shell, which gets it as environment', async () => {
    const spec = await loadText(
      'service: shop\nrun: node app.js ${TOKEN} ${PORT} ${OWN} ${X:-y} $${i}\nenv: { OWN: a }',
      { TOKEN: 'secret', PORT: '1', HOME: '/' },
    )
    expect(spec.run).toBe('node app.js ${TOKEN} ${PORT} ${OWN} ${X:-y} ${i}')
    expect(spec.env).toEqual({ OWN: 'a', TOKEN: 'secret' })
  })

  it('in run must be set as well', async () => {
    const thrown = await problemIn('service: shop\nrun: node ${SCRIPT}')
    expect(thrown.message).toBe('midflight.yaml:2:11: the variable SCRIPT is not set')
  })

  it('is refused when it is none', async () => {
    const thrown = await problemIn(`${head}directory: "\${a b}"`)
    expect(thrown).toMatchObject({ code: 'config-invalid' })
    expect(thrown.message).toBe('midflight.yaml:3:12: a ${ here begins no variable')
  })
})
