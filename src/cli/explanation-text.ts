import type {
  Explanation,
  PartExplanation,
  ReleaseExplanation,
  RuleExplanation,
  UserExplanation,
} from '../core/explanation.ts'
import { table } from './table.ts'
import { number, share } from './words.ts'

/** Where a request would go, first; then why, in the order in which it was decided. */
export function explanationText(explained: Explanation): string {
  const { request, rules, user, releases } = explained
  return [
    `${request.method} ${request.path} from ${request.client} ${explained.held ? 'waits until midflight release, then ' : ''}${goesTo(explained)}`,
    '',
    ...(rules.length > 0 ? rules.flatMap(ruleLines) : ['rules: there are none']),
    ...(user ? [userLine(user)] : []),
    '',
    table(
      ['release', 'share', 'instance', 'health', 'running', ''],
      releases.flatMap((release) => rowsOf(release, explained)),
    ),
  ].join('\n')
}

function goesTo({ decidedBy, release, instance, user, rules, releases }: Explanation): string {
  const where = instance ?? `${release}, to any of its instances that is ready`
  switch (decidedBy) {
    case 'rule':
      return `goes to ${where}, because rule ${rules.findIndex(matched) + 1} matches`
    case 'cohort':
      return `goes to ${where}, because its user is in the cohort of ${release}`
    case 'only-choice':
      return `goes to ${where}: the only release with a share and an instance that is ready`
    case 'draw':
      return `goes to ${drawn(releases)} by chance${user ? ', and its user stays there' : ''}`
    case 'nobody':
      return 'waits: no release with a share has an instance that is ready'
  }
}

const matched = (rule: RuleExplanation): boolean => rule.outcome === 'matched'

function drawn(releases: readonly ReleaseExplanation[]): string {
  const able = releases.filter(
    (each) => each.share > 0 && each.instances.some(({ ready }) => ready),
  )
  const total = able.reduce((sum, each) => sum + each.share, 0)
  return able
    .map((each) => `${each.release} (${((each.share / total) * 100).toFixed(2)}%)`)
    .join(' or ')
}

const OUTCOMES = {
  matched: 'matches',
  unavailable: 'matches, but its release has nobody ready, so the shares decide',
  'not-matched': 'does not match',
  'not-reached': 'not looked at',
} as const satisfies Record<RuleExplanation['outcome'], string>

function ruleLines(rule: RuleExplanation, at: number): string[] {
  return [`rule ${at + 1} to ${rule.to}: ${OUTCOMES[rule.outcome]}`, ...rule.parts.map(partLine)]
}

function partLine({ wanted, found, holds }: PartExplanation): string {
  const none = wanted.startsWith('country ') ? 'not known for its address' : 'the request has none'
  const why = found === undefined ? none : `it is "${found}"`
  return `  ${holds ? 'yes' : 'no '} ${wanted}: ${why}`
}

const KEYS = {
  cookie: "the proxy's cookie",
  'application-cookie': "the application's cookie",
  header: 'a header',
  address: 'the address',
} as const satisfies Record<UserExplanation['by'], string>

function userLine({ by, key, cohort }: UserExplanation): string {
  if (key === undefined) return `user: not seen before; the answer gives ${KEYS[by]}`
  const from = cohort
    ? `; on ${cohort.release} from a share of ${(cohort.from * 100).toFixed(2)}% on`
    : ''
  return `user: "${key}" by ${KEYS[by]}${from}`
}

function rowsOf(
  { release, share: part, instances }: ReleaseExplanation,
  to: Explanation,
): string[][] {
  if (instances.length === 0) return [[release, share(part), 'none', '', '', '']]
  return instances.map((instance, at) => [
    at === 0 ? release : '',
    at === 0 ? share(part) : '',
    instance.id,
    healthOf(instance),
    number(instance.requests),
    instance.id === to.instance ? '← here' : '',
  ])
}

function healthOf({
  health,
  state,
  reason,
  ready,
}: ReleaseExplanation['instances'][number]): string {
  const word =
    state === 'draining' ? `${health}, draining` : ready || health !== 'up' ? health : 'out'
  return reason === undefined ? word : `${word}: ${reason}`
}
