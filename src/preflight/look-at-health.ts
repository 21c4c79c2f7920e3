import type { Look } from './worry.ts'

/** Whether the readiness check can tell an instance that serves from one that does not. */
export const lookAtHealth: Look = ({ release, trial }) => {
  const { path } = release.spec.ready
  if (trial?.unready !== undefined)
    return [
      {
        what: `an instance on trial did not get ready: it ${trial.unready}`,
        why: 'the rollout waits for it in vain, and is taken back',
        hint: trial.unready.startsWith('answered 404')
          ? `Name a path that the app has: ready: /readyz`
          : `Run it by hand and ask it: ${release.spec.run}`,
      },
    ]
  const { nowhere } = trial ?? {}
  if (nowhere === undefined || nowhere < 200 || nowhere > 399) return []
  return [
    {
      what: `GET ${path} cannot fail: a path that does not exist is answered ${nowhere} too`,
      why: 'a release that lost its routes, or answers one page for everything, would be called ready',
      hint: 'Give the app a path of its own that asks what it needs (its database, its files) and answers 503 without, and 404 for unknown paths.',
    },
  ]
}
