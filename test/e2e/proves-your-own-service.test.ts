import { expect, it, onTestFinished } from 'vitest'
import { midflight } from '../../src/prove/demo/midflight.ts'
import { anExample } from '../support/example.ts'

it('`midflight prove` accounts for every request to a service while it is deployed', async () => {
  const example = await anExample('01-node-service', ['midflight.yaml'])
  onTestFinished(async () => {
    expect(await example.end()).toEqual([])
  })
  await example.run('up', '--detach')

  const options = [
    '--path',
    '/',
    '/slow?ms=50',
    '--rate',
    '100',
    '--for',
    '6s',
    '--post',
    '/orders',
  ]
  const proving = midflight(example.folder, ['prove', ...options, '--websocket', '/ws'])
  await example.run('deploy')
  const { exitStatus, lines } = await proving
  expect(lines.at(-1)).toMatchObject({ ok: true, failed: 0, resets: 0, websockets: { cut: 0 } })
  expect(exitStatus).toBe(0)
})
