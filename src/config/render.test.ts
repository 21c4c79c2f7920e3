import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectOf } from '../../test/support/project-of.ts'
import { detectProject } from './detect.ts'
import { loadConfig } from './load.ts'
import { renderConfig } from './render.ts'

it.each<[string, Readonly<Record<string, string>>]>([
  ['knows nothing of', {}],
  ['knows much of', { 'index.js': "'/up'", 'package-lock.json': '{}' }],
  ['must quote', { Procfile: `web: bash -c "node 'a: b' # ${'x'.repeat(200)}" @{} \\n` }],
  ['has a port for', { Procfile: 'web: serve --port ${PORT:-3000} --bind ${PORT}' }],
])('the file for a project that one %s loads without a fault', async (_, files) => {
  const directory = await projectOf(files)
  const suggestion = await detectProject(directory)
  const text = renderConfig(suggestion)
  await writeFile(join(directory, 'midflight.yaml'), text)
  const spec = await loadConfig(join(directory, 'midflight.yaml'), { env: {} })
  expect(spec).toMatchObject({ name: 'shop', instances: 2 })
  if (suggestion.command) expect(spec.run).toBe(suggestion.command.run)
  if (suggestion.ready) expect(spec.ready.path).toBe(suggestion.ready.path)
  expect(text).toMatch(/^# yaml-language-server: \$schema=/)
})

it('the commented parts of the file load too', async () => {
  const directory = await projectOf({ 'index.js': '', 'package-lock.json': '{}' })
  const text = renderConfig(await detectProject(directory))
  const full = text.replaceAll(/^# (?=build:|rollout:| {2}\w)/gm, '')
  await writeFile(join(directory, 'midflight.yaml'), full)
  const spec = await loadConfig(join(directory, 'midflight.yaml'), { env: {} })
  expect(spec).toMatchObject({ build: 'npm ci', rollout: { strategy: 'canary' } })
})
