import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { identify, isAlive } from '../src/lib/process-identity.ts'
import { processTree } from './process-tree.ts'
import { Stage } from './stage.ts'

/** A process that has started another one, and does not end when it is asked to. */
const STUBBORN = `process.on('SIGTERM', () => {});
  require('node:child_process').spawn('sleep', ['60']).once('spawn', () => console.log('up'))`

describe('a stage that ends', () => {
  it('leaves nothing of what it started, and starts nothing more', async () => {
    const stage = await Stage.open()
    const child = await stage.start(process.execPath, ['-e', STUBBORN], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(child.stdout!, 'data')
    const tree = processTree(child.pid!).map((pid) => identify(pid)!)
    expect(tree).toHaveLength(2)
    await stage.end()
    expect(tree.filter((one) => isAlive(one))).toEqual([])
    expect(existsSync(stage.folder)).toBe(false)
    await expect(stage.start('sleep', ['60'])).rejects.toThrow('not started any more')
  })

  it('tells of a program that there is not', async () => {
    const stage = await Stage.open()
    await expect(stage.start('no-such-program', [])).rejects.toThrow('ENOENT')
    await stage.end()
  })
})
