import { expect, it } from 'vitest'
import { midflight } from '../../src/prove/demo/midflight.ts'

it('the demo proves its point: six rollouts, two kills, and every request accounted for', async () => {
  const { exitStatus, lines } = await midflight('.', ['demo'])
  const report = lines.at(-1) as { rollouts: readonly { outcome: string }[] }
  expect(report).toMatchObject({
    ok: true,
    failed: 0,
    lost: 0,
    duplicated: 0,
    resets: 0,
    websockets: { cut: 0 },
  })
  expect(report.rollouts.map((rollout) => rollout.outcome)).toEqual([
    'promoted',
    'promoted',
    'promoted',
    'rollback',
    'refused',
    'undone',
  ])
  expect(exitStatus).toBe(0)
}, 180_000)
