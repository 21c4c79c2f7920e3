import { describe, expect, it } from 'vitest'
import { Orders } from './orders.ts'

describe('an order to a controller', () => {
  it('that is cut off when the controller ends is told so, whatever broke in the middle', async () => {
    const orders = new Orders()
    const given = orders.carryOut(async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Error('a build was killed')
    })
    orders.end()
    await expect(given).rejects.toMatchObject({ code: 'controller-stopped' })
  })

  it('is waited for at the end, until it has cleared away what it made', async () => {
    const orders = new Orders()
    const made = ['a copy']
    const given = orders.carryOut(async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await new Promise(setImmediate)
      made.pop()
    })
    orders.end()
    await orders.over()
    expect(made).toEqual([])
    await given
  })

  it('is not taken any more after that', async () => {
    const orders = new Orders()
    orders.end()
    await expect(orders.carryOut(async () => 'done')).rejects.toMatchObject({
      code: 'controller-stopped',
    })
  })

  it('that fails by itself fails with its own reason', async () => {
    const failing = new Orders().carryOut(async () => Promise.reject(new Error('of its own')))
    await expect(failing).rejects.toThrow('of its own')
  })
})
