import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  hostAndPort,
  isEncrypted,
  type Peer,
  type PeerAsked,
  type Recipe,
  type Setup,
} from './peer.ts'

export const kamalProxy: Peer = { name: 'kamal-proxy', program: 'kamal-proxy', recipe, cannot }

function cannot({ entry, origin }: PeerAsked): string | undefined {
  if (origin === 'unix') return 'it has no unix sockets to instances'
  return entry === 'h2c' ? 'it has no HTTP/2 in the clear' : undefined
}

/**
 * It writes one line a request, and listens on every address of the machine; it has no option against either. So it pays
 * for a log that the others do not write.
 */
function recipe(setup: Setup): Recipe {
  const { listen, entry, folder } = setup
  const [http, https] = isEncrypted(entry) ? ['0', String(listen.port)] : [String(listen.port), '0']
  const env = { GOMAXPROCS: '1', HOME: folder, XDG_RUNTIME_DIR: folder }
  return {
    words: ['run', '--http-port', http, '--https-port', https],
    env,
    afterwards: () => deploy(setup, env),
  }
}

async function deploy(setup: Setup, env: Readonly<Record<string, string>>): Promise<void> {
  const { certificate, entry, origin } = setup
  const target = 'path' in origin ? '' : hostAndPort(origin)
  const tls = `--tls --host localhost --host 127.0.0.1 --tls-certificate-path ${certificate.cert} --tls-private-key-path ${certificate.key}`
  const words = `deploy bench --target ${target} --health-check-path /`
  const all = isEncrypted(entry) ? `${words} ${tls}` : words
  const options = { env: { ...process.env, ...env } }
  for (let tries = 0; ; tries += 1) {
    try {
      await promisify(execFile)('kamal-proxy', all.split(' '), options)
      return
    } catch (error) {
      // It cannot be asked whether it listens for orders yet.
      if (tries === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
