import type { ReleaseId } from './names.ts'
import type { Route } from './route.ts'
import type { TrafficSpec } from './service.ts'

/** What sends requests to a release by its name, which may not be there: it may have ended, or be yet to come. */
export interface Pin {
  /** `mirror`, or the place of a rule: `rules[1]`. */
  readonly of: string
  readonly release: ReleaseId
}

export function pinsIn({ rules = [], mirror }: TrafficSpec = {}): readonly Pin[] {
  const all = [
    ...rules.map(({ to }, at) => ({ of: `rules[${at}]`, to })),
    ...(mirror ? [{ of: 'mirror', to: mirror.to }] : []),
  ]
  return all.flatMap(({ of, to }) => (typeof to === 'object' ? [{ of, release: to.release }] : []))
}

/** Those that send nothing now, because no instance of their release serves. */
export function idlePins({
  traffic,
  instances,
}: Pick<Route, 'traffic' | 'instances'>): readonly Pin[] {
  const serving = servingIn({ instances })
  return pinsIn(traffic).filter(({ release }) => !serving.has(release))
}

/** The releases with an instance that serves, be it healthy or not. */
export function servingIn({ instances }: Pick<Route, 'instances'>): ReadonlySet<ReleaseId> {
  const serving = instances.filter(({ state }) => state === 'serving')
  return new Set(serving.map(({ release }) => release))
}
