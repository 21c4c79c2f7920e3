import type { Release } from '../../../core/release.ts'
import { TOKEN } from './process-family.ts'

/**
 * What a process of a release finds in its environment: what the controller has, except its own `MIDFLIGHT_…`,
 * then what the service's file sets, then `own`. The token marks it and all it starts.
 */
export function childEnvironment(
  release: Pick<Release, 'service' | 'id' | 'spec'>,
  token: string,
  own: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MIDFLIGHT_'))
  return {
    ...Object.fromEntries(inherited),
    ...release.spec.env,
    ...own,
    MIDFLIGHT_SERVICE: release.service,
    MIDFLIGHT_RELEASE: release.id,
    [TOKEN]: token,
  }
}
