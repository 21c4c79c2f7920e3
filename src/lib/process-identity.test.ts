import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { identify, isAlive } from './process-identity.ts'

it('knows a running process again', () => {
  const me = identify(process.pid)
  expect(me && isAlive(me)).toBe(true)
})

it('tells a later process with the same pid from the one it was', () => {
  expect(isAlive({ pid: process.pid, started: 'another time' })).toBe(false)
})

it('says of a process that has ended that it is gone', async () => {
  const child = spawn('true')
  const pid = child.pid ?? 0
  await once(child, 'exit')
  expect(identify(pid)).toBeUndefined()
})
