import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { Problem, type ProblemJson } from '../core/problem.ts'
import { getJson } from '../lib/get-json.ts'
import { isNobodyThere } from '../lib/nobody-there.ts'

/** What the proxy of a state directory says of itself. */
export interface ProxySummary {
  readonly pid: number
  /** The version of Midflight it is of. */
  readonly midflight: string
  readonly workers: readonly { readonly pid: number }[]
  /** Older proxies that finish what they have. */
  readonly draining: readonly { readonly pid: number }[]
}

export interface UpgradePlan {
  readonly node: string
  readonly program: string
  readonly withinMs: number
  readonly drainMs: number
}

/** `undefined` when no proxy runs there, or it is closed to us. */
export async function proxyOf(stateDirectory: string): Promise<ProxySummary | undefined> {
  try {
    return (await getJson(socketOf(stateDirectory), '/status')) as ProxySummary
  } catch (error) {
    if (isAway(error)) return undefined
    throw error
  }
}

/** Has the proxy replaced. Rejects with the Problem for which it is not, or with `proxy-missing`. */
export async function upgradeProxy(stateDirectory: string, plan: UpgradePlan): Promise<void> {
  const socketPath = socketOf(stateDirectory)
  const asked = request({ socketPath, method: 'POST', path: '/upgrade', agent: false })
  asked.end(JSON.stringify(plan))
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const said = await json(answer)
    if (answer.statusCode === 200) return
    const { code, ...parts } = said as ProblemJson
    throw new Problem(code, parts)
  } catch (error) {
    throw isAway(error) ? missing(stateDirectory, error) : error
  }
}

function socketOf(stateDirectory: string): string {
  return join(stateDirectory, 'proxy', 'control.sock')
}

function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return isNobodyThere(error) || code === 'ENOTDIR' || code === 'EACCES'
}

function missing(stateDirectory: string, cause: unknown): Problem {
  return new Problem('proxy-missing', {
    message: `no proxy answers in ${stateDirectory}`,
    hint: 'Start it with `midflight up --detach`, which starts this version; or name the state directory: --state DIR.',
    data: { stateDirectory },
    cause,
  })
}
