import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, vi } from 'vitest'
import { identify } from '../../../lib/process-identity.ts'
import { bootId, processes, residentBytes, wasStartedWith } from './proc.ts'

const entry = (pid: number) => processes().find((process) => process.pid === pid)

it('shows a process with its identity, group, session and what it used', () => {
  const me = entry(process.pid)
  expect(me).toMatchObject({ ...identify(process.pid) })
  expect(me?.cpuMs).toBeGreaterThan(0)
  expect(residentBytes(process.pid)).toBeGreaterThan(1_000_000)
})

it('shows that a detached process leads a session and a group of its own, and what it was started with', async () => {
  const child = spawn('sleep', ['1000'], { detached: true, env: { ...process.env, MARK: 'x=y' } })
  const pid = child.pid!
  await vi.waitFor(() => expect(wasStartedWith(pid, 'MARK=x=y')).toBe(true))
  expect(wasStartedWith(pid, 'MARK=x')).toBe(false)
  expect(entry(pid)).toMatchObject({ pid, group: pid, session: pid })
  child.kill()
  await once(child, 'exit')
  expect(entry(pid)).toBeUndefined()
  expect(wasStartedWith(pid, 'MARK=x=y')).toBe(false)
  expect(residentBytes(pid)).toBeUndefined()
})

it('knows this run of the machine', () => {
  expect(bootId()).toMatch(/\w/)
  expect(bootId()).toBe(bootId())
})
