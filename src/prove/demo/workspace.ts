import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Address } from '../../core/address.ts'
import { freePort } from '../../lib/free-port.ts'
import { removeSealed } from '../../lib/remove-sealed.ts'

/** A folder of the demo's own with the sample app in it, as a developer would have it. */
export interface Workspace {
  readonly folder: string
  readonly stateDirectory: string
  /** Where the app writes each side effect, whichever version did it. */
  readonly ledger: string
  readonly listen: Address
  /** Writes the app's next version: how it behaves, and how it is rolled out. */
  write(version: Version): Promise<void>
  remove(): Promise<void>
}

export interface Version {
  readonly version: string
  readonly behaviour?: Readonly<Record<string, unknown>>
  /** The file's `rollout:`, in one line. */
  readonly rollout: string
  readonly startup?: string
}

export async function makeWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'midflight-demo-'))
  const listen = { host: '127.0.0.1', port: await freePort() }
  const ledger = join(folder, 'ledger.log')
  const app = join(folder, 'app')
  await writeFile(ledger, '')
  await cp(fileURLToPath(new URL('../../../examples/01-node-service', import.meta.url)), app, {
    recursive: true,
  })
  return {
    folder: app,
    stateDirectory: join(app, '.midflight'),
    ledger,
    listen,
    write: async (version) => {
      await writeFile(join(app, 'version.txt'), `${version.version}\n`)
      await writeFile(join(app, 'behaviour.json'), JSON.stringify(version.behaviour ?? {}))
      await writeFile(join(app, 'midflight.yaml'), fileFor(version, listen, ledger))
    },
    remove: async () => removeSealed(folder),
  }
}

function fileFor(
  { rollout, startup = '30s' }: Version,
  { host, port }: Address,
  ledger: string,
): string {
  return [
    'service: demo',
    'run: node server.js',
    'instances: 2',
    `listen: ${host}:${port}`,
    `env: { LEDGER: ${JSON.stringify(ledger)} }`,
    `ready: { path: /readyz, interval: 250ms, timeout: 2s, up: 2, down: 3, startup: ${startup} }`,
    'stop: { drain: 15s, signal: SIGTERM, kill: 5s }',
    `rollout: ${rollout}`,
    '',
  ].join('\n')
}
