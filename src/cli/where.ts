import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type ApiClient, apiClient, type ApiTarget } from '../api/client.ts'
import type { Greeting } from '../api/contract.ts'
import { Problem } from '../core/problem.ts'

/** The options that every verb knows. */
export interface Common {
  readonly state?: string
  readonly service?: string
  readonly json?: boolean
}

export function commonOf(command: Command): Common {
  return command.optsWithGlobals<Common>()
}

/** Where state is kept: as told, or `.midflight` where we stand, whichever folder a release is made of. */
export function stateDirectory({ state }: Common): string {
  return resolve(state ?? process.env['MIDFLIGHT_STATE'] ?? '.midflight')
}

export function clientFor(common: Common): ApiClient {
  return apiClient(targetFor(common))
}

/** The unix socket in the state directory, or the controller that MIDFLIGHT_API names. */
function targetFor(common: Common): ApiTarget {
  const api = process.env['MIDFLIGHT_API']
  if (api === undefined) return { socketPath: join(stateDirectory(common), 'api.sock') }
  if (!URL.canParse(api)) throw badApi(api)
  return { url: new URL(api), token: process.env['MIDFLIGHT_TOKEN'] }
}

/** The service a verb is about: as told, or the only one the controller has. */
export async function serviceOf(client: ApiClient, common: Common): Promise<string> {
  if (common.service !== undefined) return common.service
  const { services } = await client.call<Greeting>('GET', '/v1')
  const [only, ...more] = services
  if (only !== undefined && more.length === 0) return only
  throw new Problem('service-unclear', {
    message:
      only === undefined
        ? 'the controller has no service yet'
        : `the controller has several services: ${services.join(', ')}`,
    hint: only === undefined ? 'Release one: midflight deploy' : 'Name one: --service NAME',
    data: { services },
  })
}

/** The folder that holds the service's file: the one given, or where we stand. */
export function folderOf(path: string | undefined): string {
  const folder = resolve(path ?? '.')
  if (existsSync(folder)) return folder
  throw new Problem('directory-missing', {
    message: `there is no directory ${folder}`,
    hint: 'Name the folder that holds midflight.yaml, or leave it out to use this one.',
    data: { folder },
  })
}

function badApi(api: string): Problem {
  return new Problem('api-address-invalid', {
    message: `MIDFLIGHT_API is not a URL: ${api}`,
    hint: 'For example MIDFLIGHT_API=http://127.0.0.1:7070, with MIDFLIGHT_TOKEN beside it.',
  })
}
