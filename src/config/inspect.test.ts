import { once } from 'node:events'
import { chmod, open, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { asOrdinaryUser } from '../../test/support/as-ordinary-user.ts'
import { head, loadText } from '../../test/support/load-text.ts'
import { projectOf } from '../../test/support/project-of.ts'
import type { ServiceSpec } from '../core/service.ts'
import { inspect } from './inspect.ts'
import type { Finding, InspectContext } from './inspections/finding.ts'
import { portFinding } from './inspections/port.ts'

type Files = Readonly<Record<string, string>>

interface Case {
  readonly files?: Files
  /** More lines of midflight.yaml. */
  readonly text?: string
  readonly spec?: Partial<ServiceSpec>
  readonly context?: Partial<InspectContext>
}

const good = 'process.env.PORT; "/readyz"'

async function findings(given: Case = {}): Promise<Finding[]> {
  const directory = await projectOf(given.files ?? { 'server.js': good })
  const loaded = await loadText(`${head}ready: /readyz\n${given.text ?? ''}`)
  const spec = {
    ...loaded,
    listen: { host: '127.0.0.1', port: await freePort() },
    directory,
    ...given.spec,
  }
  const context = {
    file: join(directory, 'midflight.yaml'),
    state: join(directory, '.midflight'),
    path: process.env['PATH'] ?? '',
    ownPids: [],
    ...given.context,
  }
  return inspect(spec, context)
}

async function finding(code: string, given?: Case): Promise<Finding> {
  const all = await findings(given)
  const found = all.find((each) => each.code === code)
  if (found) return found
  throw new Error(`${code} is not among ${all.map((each) => each.code).join()}`)
}

const codes = async (given?: Case) => (await findings(given)).map((each) => each.code)

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function freePort(): Promise<number> {
  const { server, port } = await listening()
  server.close()
  await once(server, 'close')
  return port
}

it('a part of the directory that may not be read is told of once', async () => {
  const directory = await projectOf({ 'server.js': good, 'closed/file': '' })
  const spec = { ...(await loadText(`${head}ready: /readyz\n`)), directory }
  const state = join(directory, '.midflight')
  const context = { file: join(directory, 'midflight.yaml'), state, path: '', ownPids: [] }
  await chmod(join(directory, '..'), 0o755)
  await chmod(directory, 0o755)
  await chmod(join(directory, 'closed'), 0)
  const all = await asOrdinaryUser(async () => inspect(spec, context))
  await chmod(join(directory, 'closed'), 0o700)
  expect(all.filter((each) => each.code === 'directory-unreadable')).toEqual([
    {
      code: 'directory-unreadable',
      level: 'error',
      what: `${directory}/closed may not be read`,
      why: 'each release is a copy of the directory, and all of it must be readable',
      hint: 'Give this user the right to read it, or move it out of the directory.',
    },
  ])
})

describe('an inspection', () => {
  it('finds nothing to complain about in a good service', async () => {
    const all = await findings()
    expect(all.filter((each) => each.level !== 'ok')).toEqual([])
    expect(all.map((each) => each.code)).toEqual([
      'command-found',
      'port-free',
      'directory-size',
      'state-writable',
    ])
  })

  it.each(['exec node x', 'A=1 B="2 3" node x', 'node', '"node" x', './bin/serve --port $PORT'])(
    'finds the program of %j',
    async (run) => {
      const directory = await projectOf({ 'bin/serve': '', 'a.js': good })
      await chmod(join(directory, 'bin/serve'), 0o755)
      expect(await codes({ spec: { run, directory } })).toContain('command-found')
    },
  )

  it.each(['cd x && y', '$SERVER', '(a; b)', 'for i in 1; do x; done', '"$A" x'])(
    'leaves %j to the shell',
    async (run) => {
      const found = await codes({ spec: { run } })
      expect(found.filter((code) => code.startsWith('command'))).toEqual([])
    },
  )

  it.each(['no-such-program x', './no-such-program', './a.js'])(
    'misses the program of %j',
    async (run) => {
      expect(
        await finding('command-missing', { files: { 'a.js': good }, spec: { run } }),
      ).toMatchObject({
        level: 'error',
      })
    },
  )

  it('knows that a build may make the program', async () => {
    const spec = { run: 'node_modules/.bin/tsx x', build: 'npm ci' }
    expect(await finding('command-missing', { spec })).toMatchObject({ level: 'warning' })
  })

  it.each([
    ['npm start', "Write the script's own command: run: node server.js"],
    ['exec yarn run start', "Write the script's own command: run: node server.js"],
    ['pnpm serve', 'Write the command that the script runs.'],
  ])('warns of signals that %j does not pass on', async (run, hint) => {
    const files = { 'package.json': '{"scripts":{"start":"node server.js"}}', 'server.js': good }
    expect(await finding('signals-swallowed', { files, spec: { run } })).toMatchObject({
      level: 'warning',
      hint,
    })
  })

  it('warns of a port that the app has chosen itself', async () => {
    const ignored = await finding('port-ignored', {
      files: { 'src/app.js': 'server.listen(3000)' },
    })
    expect(ignored.what).toBe('src/app.js names port 3000, and PORT stands nowhere')
    const python = { 'app.py': 'app.run(host="x", port=5000)' }
    expect((await finding('port-ignored', { files: python })).what).toContain('5000')
    expect(await codes({ files: python, spec: { run: 'node x $PORT' } })).not.toContain(
      'port-ignored',
    )
  })

  it.runIf(process.platform === 'linux')('names who has the port', async () => {
    const { server, port } = await listening()
    onTestFinished(() => void server.close())
    const spec = { listen: { host: '127.0.0.1', port } }
    const taken = await finding('port-taken', { spec })
    expect(taken.what).toContain(`port ${port} is taken by process ${process.pid}`)
    const ours = await finding('port-ours', { spec, context: { ownPids: [process.pid] } })
    expect(ours.level).toBe('ok')
  })

  it('tells a port that is not allowed from an address that is not there', async () => {
    const listen = { host: '127.0.0.1', port: 80 }
    expect(portFinding(listen, 'EACCES')).toMatchObject({ code: 'port-forbidden', level: 'error' })
    expect(portFinding(listen, 'EADDRINUSE').what).toContain('another process')
    const spec = { listen: { host: '192.0.2.1', port: 8080 } }
    expect((await finding('address-missing', { spec })).what).toContain('192.0.2.1')
  })

  it('warns of a front page that answers for readiness, and of a startup nobody can meet', async () => {
    const ready = { path: '/', intervalMs: 1_000, timeoutMs: 1, up: 5, down: 1, startupMs: 4_000 }
    expect(await finding('ready-default', { spec: { ready } })).toMatchObject({ level: 'warning' })
    const short = await finding('startup-short', { spec: { ready } })
    expect(short.what).toBe('startup is 4s, and 5 good answers every 1s take 5s')
  })

  it.each([
    ['no-spare', 'instances: 1'],
    ['no-overlap', 'rollout: { batch: 2, surge: 0 }'],
    ['canary-coarse', 'rollout: { strategy: canary }'],
    ['drain-none', 'stop: { drain: 0s }'],
  ])('warns with %s of %j', async (code, text) => {
    expect(await finding(code, { text })).toMatchObject({ level: 'warning' })
  })

  it('has nothing against a canary with instances enough', async () => {
    expect(await codes({ text: 'instances: 8\nrollout: { strategy: canary }' })).not.toContain(
      'canary-coarse',
    )
  })

  it('warns of a directory that is large', async () => {
    const directory = await projectOf({ 'a.js': good })
    const file = await open(join(directory, 'data'), 'w')
    await file.truncate(2 ** 30 + 1)
    await file.close()
    const large = await finding('directory-large', { spec: { directory } })
    expect(large.what).toBe('the directory holds more than 2 files, 1GiB')
  })

  it('refuses a state directory that cannot be made', async () => {
    const directory = await projectOf({ file: '' })
    const context = { state: join(directory, 'file', 'state') }
    expect(await finding('state-unwritable', { context })).toMatchObject({ level: 'error' })
  })

  it('warns of a .env that others can read', async () => {
    const directory = await projectOf({ 'a.js': good })
    const path = join(directory, '.env')
    await writeFile(path, 'A=1')
    await chmod(path, 0o644)
    const context = { file: join(directory, 'midflight.yaml') }
    expect((await finding('env-file-open', { context })).what).toContain('mode 644')
    await chmod(path, 0o600)
    expect(await codes({ context })).not.toContain('env-file-open')
  })

  it('gives a reason with everything it says, and a next thing to do with every complaint', async () => {
    const all = await findings({ text: 'instances: 1\nstop: { drain: 0s }' })
    expect(
      all.filter((each) => each.why === '' || (each.level !== 'ok' && each.hint === '')),
    ).toEqual([])
  })
})

describe('traffic settings', () => {
  const text = 'tls: { redirect: 8081, acme: { hosts: [shop.example] } }'

  it('with ACME need the port where the authority asks', async () => {
    const found = await finding('acme-port', { text })
    expect(found).toMatchObject({ level: 'warning', hint: expect.stringContaining('listen: 443') })
    const asked = { text: text.replace('hosts', 'challenge: http-01, hosts') }
    expect((await finding('acme-port', asked)).what).toContain('asked at port 80')
    expect(await codes({ text, spec: { listen: { host: '127.0.0.1', port: 443 } } })).not.toContain(
      'acme-port',
    )
  })

  it('with a redirect need its port too', async () => {
    const { server, port } = await listening()
    onTestFinished(() => void server.close())
    const taken = { text: text.replace('8081', `127.0.0.1:${port}`) }
    expect((await finding('port-taken', taken)).what).toContain(`port ${port} is taken`)
  })

  it('that mirror what changes something are doubtful', async () => {
    const found = await finding('mirror-writes', { text: 'mirror: { methods: [GET, POST] }' })
    expect(found.what).toBe('mirror copies POST too')
    expect(await codes({ text: 'mirror: {}' })).not.toContain('mirror-writes')
  })

  it('that ask for a connection or for gRPC need no path', async () => {
    expect(await codes({ text: 'stop: {}', spec: { ready: tcp } })).not.toContain('ready-default')
  })
})

const tcp = {
  check: 'tcp',
  path: '/',
  intervalMs: 1,
  timeoutMs: 1,
  up: 1,
  down: 1,
  startupMs: 1,
} as const
