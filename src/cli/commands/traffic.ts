import type { Command } from 'commander'
import type { Traffic } from '../../core/traffic.ts'
import { sightText } from '../sight-text.ts'
import { table } from '../table.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'
import { heldLine, number, share } from '../words.ts'

const HEADINGS = [
  'release',
  'share',
  'requests',
  '2xx',
  '3xx',
  '4xx',
  '5xx',
  'failed',
  'retried',
  'broken',
  'upgrades',
]

export function traffic(): Command {
  return verb(
    'traffic',
    'Show who gets which share, and what the proxy counted',
    'midflight traffic',
  ).action(async (_options: object, command: Command) => {
    const common = commonOf(command)
    const client = clientFor(common)
    const service = await serviceOf(client, common)
    const seen = await client.call<Traffic | null>('GET', `/v1/services/${service}/traffic`)
    if (common.json) return console.log(JSON.stringify(seen))
    console.log(seen ? told(seen) : 'the proxy has no route for it yet')
  })
}

function told(seen: Traffic): string {
  const { counts, route, held, holding, refused, rejected } = seen
  const releases = [...new Set([...Object.keys(route.weights), ...Object.keys(counts)])]
  const rows = releases.map((release) => {
    const each = counts[release]
    const answers = each?.answers.slice(2) ?? [0, 0, 0, 0]
    const numbers = [
      ...answers,
      each?.failed ?? 0,
      each?.retried ?? 0,
      each?.broken ?? 0,
      each?.upgrades ?? 0,
    ]
    return [
      release,
      share(route.weights[release] ?? 0),
      number(each?.requests ?? 0),
      ...numbers.map(number),
    ]
  })
  const summary = `${number(held)} held so far, ${number(holding)} waiting now, ${number(refused)} refused (503), ${number(rejected)} rejected (against the protocol${reasonsOf(seen)})`
  const waiting = route.held ? [heldLine(route.held)] : []
  return [table(HEADINGS, rows), summary, ...waiting, ...sightText(seen)].join('\n')
}

/** Why, most frequent first. */
function reasonsOf({ rejections = {} }: Traffic): string {
  const reasons = Object.entries(rejections).toSorted(([, a], [, b]) => b - a)
  return reasons
    .map(([code, count], at) => `${at === 0 ? ': ' : ', '}${number(count)} ${code}`)
    .join('')
}
