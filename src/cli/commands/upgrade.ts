import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { resolve } from 'node:path'
import type { Greeting } from '../../api/contract.ts'
import { parseDuration } from '../../config/duration.ts'
import { Problem } from '../../core/problem.ts'
import { printFailure } from '../print-failure.ts'
import { proxyProgram } from '../proxy-program.ts'
import { proxyOf, upgradeProxy } from '../proxy-of.ts'
import { verb } from '../verb.ts'
import { clientFor, type Common, commonOf, stateDirectory } from '../where.ts'

interface Options {
  readonly to?: string
  readonly within: number
  readonly drain: number
}

const WITHIN_MS = 20_000
const DRAIN_MS = 600_000

/** Exits with 1 when the new proxy did not prove itself, and the old one serves on. */
export function upgrade(): Command {
  return verb(
    'upgrade',
    'Replace the running proxy by one of this version, without a request that fails',
    'midflight upgrade --drain 30m',
  )
    .option('--to <dir>', 'the package to upgrade to (default: the one this command is of)')
    .addOption(
      new Option('--within <duration>', 'how long the new proxy may take')
        .argParser(ms)
        .default(WITHIN_MS, '20s'),
    )
    .addOption(
      new Option('--drain <duration>', 'how long open connections may go on in the old proxy')
        .argParser(ms)
        .default(DRAIN_MS, '10m'),
    )
    .action(async ({ to, within, drain }: Options, command: Command) => {
      const common = commonOf(command)
      const program = proxyProgram(to === undefined ? undefined : resolve(to))
      const plan = { node: process.execPath, program, withinMs: within, drainMs: drain }
      try {
        await upgradeProxy(stateDirectory(common), plan)
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'upgrade-failed') throw error
        printFailure(error, { isJson: common.json === true, isVerbose: false })
        process.exitCode = 1
        return
      }
      await tell(common)
    })
}

async function tell(common: Common): Promise<void> {
  const proxy = await proxyOf(stateDirectory(common))
  const controller = await controllerOf(common)
  const isOlder = controller !== undefined && controller.midflight !== proxy?.midflight
  if (common.json) return console.log(JSON.stringify({ proxy, controller, isOlder }))
  console.log(`the proxy is pid ${proxy?.pid} now, Midflight ${proxy?.midflight}`)
  for (const { pid } of proxy?.draining ?? []) {
    console.log(`pid ${pid} finishes the connections it has, and ends`)
  }
  if (!isOlder) return
  console.log(
    `the controller (pid ${controller.pid}) is Midflight ${controller.midflight} still; restarting it costs no request:\n` +
      `  systemctl restart midflight, or: kill ${controller.pid} && midflight up --detach --no-deploy`,
  )
}

/** `undefined` when none runs: the proxy is upgraded all the same. */
async function controllerOf(common: Common): Promise<Greeting | undefined> {
  try {
    return await clientFor(common).call<Greeting>('GET', '/v1')
  } catch (error) {
    if (error instanceof Problem && error.code === 'controller-missing') return undefined
    throw error
  }
}

function ms(text: string): number {
  const parsed = parseDuration(text)
  if (parsed !== undefined && parsed > 0) return parsed
  throw new InvalidArgumentError('It must be a duration such as 30s or 10m.')
}
