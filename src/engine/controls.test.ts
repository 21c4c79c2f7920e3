import { describe, expect, it } from 'vitest'
import { Controls } from './controls.ts'

it('lets everybody wait until a pause is over', async () => {
  const controls = new Controls()
  controls.pause('lunch')
  controls.pause('again')
  expect(controls.pausedFor).toBe('lunch')
  const waiting = controls.whilePaused()
  controls.resume()
  await waiting
  expect(controls.pausedFor).toBeUndefined()
})

it('spends one promotion on one hold', () => {
  const controls = new Controls()
  controls.promote()
  expect(controls.hurried.aborted).toBe(true)
  controls.holdOver()
  expect(controls.hurried.aborted).toBe(false)
})

it('spends a full promotion on every hold until all traffic has moved', () => {
  const controls = new Controls()
  controls.promoteFully()
  controls.holdOver()
  expect(controls.hurried.aborted).toBe(true)
  controls.allMoved()
  expect(controls.hurried.aborted).toBe(false)
})

it('leaves a promotion for one hold alone when all traffic has moved', () => {
  const controls = new Controls()
  controls.promote()
  controls.allMoved()
  expect(controls.hurried.aborted).toBe(true)
})

it('ends a pause when the rollout is aborted, and keeps the reason', () => {
  const controls = new Controls()
  controls.pause('lunch')
  controls.abort('asked by a person')
  expect(controls.pausedFor).toBeUndefined()
  expect(controls.aborted.reason).toMatchObject({
    code: 'rollout-aborted',
    message: 'the rollout was aborted: asked by a person',
  })
})

describe('two people who promote at once', () => {
  it('end one hold, and the second is told', () => {
    let now = 50_000
    const controls = new Controls(() => now)
    controls.promote()
    controls.holdOver()
    now += 300
    expect(() => {
      controls.promote()
    }).toThrow(
      expect.objectContaining({
        code: 'promoted-already',
        message: 'the hold was promoted 0.3s ago; this promotion would end the next one too',
      }),
    )
    expect(controls.hurried.aborted).toBe(false)
  })

  it('may promote the next one when they have had time to see it, or all at any time', () => {
    let now = 50_000
    const controls = new Controls(() => now)
    controls.promote()
    controls.holdOver()
    now += 1_000
    controls.promote()
    expect(controls.hurried.aborted).toBe(true)
    controls.holdOver()
    controls.promoteFully()
    expect(controls.hurried.aborted).toBe(true)
  })
})
