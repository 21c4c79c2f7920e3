import { createServer } from 'node:net'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { aServiceIn } from '../../../../test/support/a-release.ts'
import type { Instance } from '../../../core/instance.ts'
import { identify } from '../../../lib/process-identity.ts'
import { systemClock } from '../../../lib/system-clock.ts'
import { removeSealed } from '../../../lib/remove-sealed.ts'
import { processWorkshop } from './workshop.ts'

let root: string
let source: string
let state: string
let running: Instance[]
const workshop = () =>
  processWorkshop({
    stateDirectory: state,
    clock: systemClock,
    runtime: { list: () => Promise.resolve(running) },
  })
const shop = (set: { build?: string; env?: Record<string, string> } = {}) => aServiceIn(source, set)
const releases = async () => (await readdir(join(state, 'releases', 'shop'))).toSorted()

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'midflight-'))
  source = join(root, 'app')
  state = join(source, '.midflight')
  running = []
  await mkdir(join(source, 'node_modules/.bin'), { recursive: true })
  await mkdir(state)
  await writeFile(join(source, 'server.js'), 'console.log(1)')
  await writeFile(join(source, 'run.sh'), 'exec node server.js', { mode: 0o755 })
  await symlink('../../run.sh', join(source, 'node_modules/.bin/run'))
})
afterEach(() => removeSealed(root))

it('makes a copy that no longer changes with the directory', async () => {
  const release = await workshop().make(shop(), 'v1')
  await writeFile(join(source, 'server.js'), 'changed')
  expect(await readFile(join(release.directory, 'server.js'), 'utf8')).toBe('console.log(1)')
  expect(release).toMatchObject({ service: 'shop', id: 'v1', spec: shop() })
})

it('keeps modes, times and links as they are, and seals the copy', async () => {
  const { directory } = await workshop().make(shop(), 'v1')
  const [before, after] = [
    await stat(join(source, 'run.sh')),
    await stat(join(directory, 'run.sh')),
  ]
  expect(after.mode & 0o777).toBe(0o555)
  expect(after.mtimeMs).toBeCloseTo(before.mtimeMs, -1)
  expect((await stat(directory)).mode & 0o222).toBe(0)
  expect(await readlink(join(directory, 'node_modules/.bin/run'))).toBe('../../run.sh')
})

it('leaves out the state, the history of git, and what cannot be copied', async () => {
  await mkdir(join(source, '.git'))
  await writeFile(join(source, '.git/HEAD'), '')
  const socket = createServer().listen(join(source, 'socket'))
  await once(socket, 'listening')
  const { directory } = await workshop().make(shop(), 'v1')
  expect((await readdir(directory)).toSorted()).toEqual(['node_modules', 'run.sh', 'server.js'])
  socket.close()
})

it('keeps a link that leads out of the directory, and does not copy what it leads to', async () => {
  await writeFile(join(root, 'outside'), 'x')
  await symlink(join(root, 'outside'), join(source, 'link'))
  const { directory } = await workshop().make(shop(), 'v1')
  expect(await readlink(join(directory, 'link'))).toBe(join(root, 'outside'))
})

it('gives equal releases the same digest, and others another', async () => {
  const first = await workshop().make(shop(), 'v1')
  const second = await workshop().make(shop(), 'v2')
  await chmod(join(source, 'server.js'), 0o755)
  const third = await workshop().make(shop(), 'v3')
  expect(first.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(second.digest).toBe(first.digest)
  expect(third.digest).not.toBe(first.digest)
})

it('builds in the copy, with the environment of the service, and leaves the directory alone', async () => {
  const build = 'echo building; echo "$COLOR $MIDFLIGHT_RELEASE" > built'
  const release = await workshop().make(shop({ build, env: { COLOR: 'blue' } }), 'v1')
  expect(await readFile(join(release.directory, 'built'), 'utf8')).toBe('blue v1\n')
  expect(await readFile(join(state, 'logs/shop/v1.build.log'), 'utf8')).toBe('building\n')
  expect(await readdir(source)).not.toContain('built')
})

it('tells how a build failed, with its last words, and leaves no release', async () => {
  const build = 'seq 1 20; echo "no such module" >&2; exit 7'
  const log = join(state, 'logs/shop/v1.build.log')
  await expect(workshop().make(shop({ build }), 'v1')).rejects.toMatchObject({
    code: 'build-failed',
    message: expect.stringMatching(/ended with 7\n12\n[^]*20\nno such module$/),
    hint: expect.stringContaining(log),
    data: { status: 7, log },
  })
  expect(await releases()).toEqual([])
})

it('ends a build with all it started when it is given up', async () => {
  const giveUp = new AbortController()
  const build = 'sleep 1000 & echo $!; wait'
  const making = workshop().make(shop({ build }), 'v1', { signal: giveUp.signal })
  const log = join(state, 'logs/shop/v1.build.log')
  const pid = await vi.waitFor(async () => Number((await readFile(log, 'utf8')).match(/\d+/)![0]))
  giveUp.abort(new Error('given up'))
  await expect(making).rejects.toThrow('given up')
  expect(identify(pid)).toBeUndefined()
  expect(await releases()).toEqual([])
})

it('begins afresh over what a make that was killed left behind', async () => {
  await mkdir(join(state, 'releases/shop/.v1.half/old'), { recursive: true })
  await chmod(join(state, 'releases/shop/.v1.half'), 0o500)
  const { directory } = await workshop().make(shop(), 'v1')
  expect(await readdir(directory)).not.toContain('old')
  expect(await releases()).toEqual(['v1'])
})

it('refuses a name that is taken, and leaves that release as it is', async () => {
  await workshop().make(shop(), 'v1')
  await expect(workshop().make(shop(), 'v1')).rejects.toMatchObject({ code: 'release-exists' })
  expect(await releases()).toEqual(['v1'])
})

it.each(['..', '.hidden', 'a/b', ''])('refuses the name %j', async (name) => {
  const problem = { code: 'release-name-invalid' }
  await expect(workshop().make(shop(), name)).rejects.toMatchObject(problem)
})

it('says which directory is missing', async () => {
  const spec = aServiceIn(join(root, 'nowhere'))
  await expect(workshop().make(spec, 'v1')).rejects.toMatchObject({
    code: 'directory-missing',
    message: expect.stringContaining(join(root, 'nowhere')),
  })
})

it('removes a release with its logs, and removing it again is no error', async () => {
  const release = await workshop().make(shop({ build: 'echo built' }), 'v1')
  await writeFile(join(state, 'logs/shop/v1.0.log.1'), '')
  await writeFile(join(state, 'logs/shop/v1.0.0.log'), 'of release v1.0')
  await workshop().remove(release)
  await workshop().remove(release)
  expect(await releases()).toEqual([])
  expect(await readdir(join(state, 'logs/shop'))).toEqual(['v1.0.0.log'])
})

it('does not remove a release while an instance of it runs', async () => {
  const release = await workshop().make(shop(), 'v1')
  const instance: Instance = {
    id: 'shop.v1.0',
    service: 'shop',
    release: 'v1',
    slot: 0,
    address: { host: '127.0.0.1', port: 1 },
    startedAtMs: 0,
    generation: 'a',
    state: { kind: 'running', pid: 1 },
  }
  running = [instance, { ...instance, release: 'v2', id: 'shop.v2.0' }]
  await expect(workshop().remove(release)).rejects.toMatchObject({
    code: 'release-in-use',
    data: { instances: ['shop.v1.0'] },
  })
  expect(await releases()).toEqual(['v1'])
  running = [{ ...instance, state: { kind: 'ended' } }]
  await workshop().remove(release)
  expect(await releases()).toEqual([])
})

it('makes nothing when the directory goes away meanwhile', async () => {
  const build = `rm -r ${source}/server.js; cd .. && rm -r .v1.half`
  await expect(workshop().make(shop({ build }), 'v1')).rejects.toMatchObject({
    code: 'directory-changed',
  })
  await rm(join(state, 'releases'), { recursive: true })
})
