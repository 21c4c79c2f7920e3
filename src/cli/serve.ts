import { once } from 'node:events'
import { Problem } from '../core/problem.ts'
import { version } from '../lib/version.ts'

export interface ServeSettings {
  readonly stateDirectory: string
  readonly workers?: number
  /** `host:port` for the API over TCP. */
  readonly api?: string
}

const FAREWELL =
  'the controller ends; the service and its traffic go on. `midflight up` takes over again, `midflight down` ends everything'

/**
 * Is the controller until SIGINT or SIGTERM, or a `down`. A signal ends the controller alone: traffic and instances go
 * on, and the next `up` takes them over.
 */
export async function serveUntilSignal(
  settings: ServeSettings,
  whenReady: (over: AbortSignal) => Promise<void>,
): Promise<void> {
  const { startApp } = await import('../app.ts')
  const { stateDirectory, workers } = settings
  const tcp = tcpFrom(settings.api)
  const app = await startApp({
    stateDirectory,
    version: version(),
    ...(workers !== undefined && { workers }),
    ...(tcp && { tcp }),
  })
  const over = new AbortController()
  const signals = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(
    async () => {
      console.log(`\n${FAREWELL}`)
      over.abort()
      await app.stop()
    },
  )
  try {
    await whenReady(over.signal)
  } catch (error) {
    if (!over.signal.aborted) await app.stop()
    if (!over.signal.aborted) throw error
  }
  await Promise.race([app.ended, signals])
}

function tcpFrom(
  api: string | undefined,
): { host: string; port: number; token: string } | undefined {
  if (api === undefined) return undefined
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(api) ?? []
  const token = process.env['MIDFLIGHT_TOKEN'] ?? ''
  if (host === undefined || port === undefined || Number(port) > 65_535) throw badAddress(api)
  if (token.length < 16) throw noToken(token.length)
  return { host, port: Number(port), token }
}

function badAddress(api: string): Problem {
  return new Problem('api-address-invalid', {
    message: `--api takes HOST:PORT, not "${api}"`,
    hint: 'For example --api 127.0.0.1:7070, with MIDFLIGHT_TOKEN in the environment.',
  })
}

function noToken(length: number): Problem {
  return new Problem('api-token-missing', {
    message:
      length === 0
        ? 'the API is not opened to TCP without a token'
        : `the token in MIDFLIGHT_TOKEN is too short: ${length} characters, at least 16`,
    hint: 'Make one: export MIDFLIGHT_TOKEN=$(openssl rand -hex 32)',
  })
}
