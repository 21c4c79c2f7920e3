import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration } from '../../config/duration.ts'
import { Problem } from '../../core/problem.ts'
import type { Address } from '../../core/address.ts'
import type { Status } from '../../api/contract.ts'
import { judge } from '../../prove/judge.ts'
import { startLoad } from '../../prove/load.ts'
import { printReport } from '../../prove/print-report.ts'
import { serviceMix } from '../../prove/service-mix.ts'
import { verb } from '../verb.ts'
import { clientFor, commonOf, serviceOf } from '../where.ts'

interface Options {
  readonly path: readonly string[]
  readonly rate: number
  readonly for: number
  readonly post?: string
  readonly websocket?: string
}

export function prove(): Command {
  return verb(
    'prove',
    'Send load to the service and account for every request; deploy meanwhile',
    'midflight prove --path / --rate 200 --for 1m',
  )
    .option('--path <paths...>', 'paths to GET', ['/'])
    .option(
      '--rate <per-second>',
      'requests per second, at fixed times whether or not earlier ones came back',
      rate,
      100,
    )
    .option('--for <duration>', 'how long', forMs, 30_000)
    .option('--post <path>', 'also POST unique ids here: {"id": …}')
    .option('--websocket <path>', 'also open WebSockets here')
    .action(async (options: Options, command: Command) => {
      const common = commonOf(command)
      const client = clientFor(common)
      const service = await serviceOf(client, common)
      const status = await client.call<Status>('GET', `/v1/services/${service}/status`)
      const { path: paths, rate: perSecond, post, websocket } = options
      const mix = serviceMix({
        paths,
        perSecond,
        ...(post !== undefined && { post }),
        ...(websocket !== undefined && { websocket }),
      })
      const load = startLoad(local(status), { mix, forMs: options.for })
      process.once('SIGINT', () => void load.stop())
      if (!common.json)
        console.log(
          `sending ${perSecond} requests/s to ${service} for ${options.for / 1_000}s; deploy in another terminal meanwhile`,
        )
      const report = judge(await load.done)
      if (common.json) console.log(JSON.stringify({ ok: report.proven, ...report }))
      else printReport(report, console.log)
      process.exitCode = report.proven ? 0 : 1
    })
}

/** A service that listens everywhere is reached on this machine; load is sent nowhere else. */
function local({ service, listen }: Status): Address {
  if (!listen) throw noTraffic(service)
  const { host, port } = listen
  if (host === '0.0.0.0' || host === '::') return { host: '127.0.0.1', port }
  if (host.startsWith('127.') || host === '::1' || host === 'localhost') return { host, port }
  throw new Problem('prove-not-local', {
    message: `the service listens on ${host}, and load is only sent to this machine's loopback`,
    hint: 'Listen on every address (listen: 8080) or on 127.0.0.1.',
    data: { host, port },
  })
}

function noTraffic(service: string): Problem {
  return new Problem('prove-worker', {
    message: `${service} is a worker: it takes no traffic that could be counted`,
    hint: 'See how its instances are: midflight status.',
    data: { service },
  })
}

function rate(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 20_000) return value
  throw new InvalidArgumentError('It must be a number from 1 to 20000.')
}

function forMs(text: string): number {
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0 && ms <= 3_600_000) return ms
  throw new InvalidArgumentError('It must be a duration up to 1h, for example 30s.')
}
