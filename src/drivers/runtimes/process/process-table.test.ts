import { describe, expect, it } from 'vitest'
import type { ProcessEntry } from './proc.ts'
import { processTable } from './process-table.ts'

describe('the process table', () => {
  it('is read once for all who ask within a moment', () => {
    const { table, machine } = given([1, 2, 3])
    for (const pid of [1, 2, 3]) table.with(identity(pid))
    expect(machine.reads).toBe(1)
  })

  it('is read anew when the moment is over', () => {
    const { table, machine } = given([1])
    table.with(identity(1))
    machine.nowMs += 51
    table.with(identity(1))
    expect(machine.reads).toBe(2)
  })

  it('is read anew for a process that began since', () => {
    const { table, machine } = given([1])
    table.with(identity(1))
    machine.pids = [1, 2]
    expect(table.with(identity(2)).map(({ pid }) => pid)).toEqual([1, 2])
  })

  it('does not take one process for another with the same number', () => {
    const { table, machine } = given([1])
    table.with(identity(1))
    table.with({ pid: 1, started: 'later' })
    expect(machine.reads).toBe(2)
  })
})

function given(pids: readonly number[]) {
  const machine = { nowMs: 0, reads: 0, pids }
  const readAll = () => {
    machine.reads += 1
    return machine.pids.map((pid): ProcessEntry => ({
      ...identity(pid),
      group: pid,
      session: pid,
      cpuMs: 0,
    }))
  }
  return { machine, table: processTable({ steadyNow: () => machine.nowMs }, readAll) }
}

function identity(pid: number) {
  return { pid, started: `at ${pid}` }
}
