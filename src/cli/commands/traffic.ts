import type { Command } from 'commander'
import type { Explanation } from '../../core/explanation.ts'
import type { Traffic } from '../../core/traffic.ts'
import { describedRequest, refusePart } from '../described-request.ts'
import { explanationText } from '../explanation-text.ts'
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

const NO_ROUTE = 'the proxy has no route for it yet'

interface Options {
  readonly explain?: string
  readonly header: readonly string[]
  readonly client: string
}

export function traffic(): Command {
  return verb(
    'traffic',
    'Show who gets which share, and what the proxy counted',
    "midflight traffic\n  $ midflight traffic --explain 'GET /cart' -H 'Cookie: session=1' --client 203.0.113.7",
  )
    .option('--explain <request>', 'say where this request would go, and why; nothing is sent')
    .option('-H, --header <line>', 'a header of that request; may be repeated', gathered, [])
    .option('--client <address>', 'the address it comes from', '127.0.0.1')
    .action(async (options: Options, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      if (options.explain !== undefined) {
        const described = describedRequest({ ...options, explain: options.explain })
        const path = `/v1/services/${service}/explain`
        const explained = await client.call<Explanation | null>('POST', path, described)
        if (common.json) return console.log(JSON.stringify(explained))
        return console.log(explained ? explanationText(explained) : NO_ROUTE)
      }
      if (options.header.length > 0) refusePart('-H')
      if (command.getOptionValueSource('client') === 'cli') refusePart('--client')
      const seen = await client.call<Traffic | null>('GET', `/v1/services/${service}/traffic`)
      if (common.json) return console.log(JSON.stringify(seen))
      console.log(seen ? told(seen) : NO_ROUTE)
    })
}

function gathered(line: string, before: readonly string[]): readonly string[] {
  return [...before, line]
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
  const summary = `${number(held)} held so far, ${number(holding)} waiting now, ${number(refused)} refused (503), ${number(rejected)} rejected (by protocol or limit${reasonsOf(seen)})`
  const waiting = route.held ? [heldLine(route.held)] : []
  return [table(HEADINGS, rows), summary, ...limitLines(seen), ...waiting, ...sightText(seen)].join(
    '\n',
  )
}

/** What only a limit can bring about. */
function limitLines({ retriesRefused = 0, slowReaders = 0 }: Traffic): readonly string[] {
  return [
    ...(retriesRefused > 0 ? [`${number(retriesRefused)} retries refused (limits.retries)`] : []),
    ...(slowReaders > 0 ? [`${number(slowReaders)} slow readers cut (limits.min-rate)`] : []),
  ]
}

/** Why, most frequent first. */
function reasonsOf({ rejections = {} }: Traffic): string {
  const reasons = Object.entries(rejections).toSorted(([, a], [, b]) => b - a)
  return reasons
    .map(([code, count], at) => `${at === 0 ? ': ' : ', '}${number(count)} ${code}`)
    .join('')
}
