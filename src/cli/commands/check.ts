import type { Command } from 'commander'
import { findConfig, loadConfig } from '../../config/load.ts'
import type { Finding } from '../../config/inspections/finding.ts'
import { checkGroup } from '../check-group.ts'
import { doubtsAbout } from '../doubts-about.ts'
import { errorsIn, findingsOf, findingText, lookAt } from '../findings.ts'
import { verb } from '../verb.ts'
import { type Common, commonOf, folderOf } from '../where.ts'

/** Killed by SIGINT, as a shell says it. */
const INTERRUPTED = 130

interface Options {
  readonly start: boolean
  readonly group?: string | true
}

export function check(): Command {
  return verb('check', 'Tell what would go wrong, and change nothing', 'midflight check')
    .argument('[path]', 'the folder that holds midflight.yaml')
    .option('--no-start', 'look only, and do not try an instance of the app')
    .option(
      '--group [file]',
      'check several services as one (default: midflight.group.yaml in the folder)',
    )
    .action(async (path: string | undefined, options: Options, command: Command) => {
      const common = commonOf(command)
      const { start, group } = options
      const file = typeof group === 'string' ? group : path
      const errors =
        group === undefined
          ? await checkOne(path, start, common)
          : await checkGroup(file, start, common)
      process.exitCode = errors === undefined ? INTERRUPTED : errors > 0 ? 2 : 0
    })
}

/** Resolves with the number of errors; `undefined` when it was interrupted. */
async function checkOne(
  path: string | undefined,
  isStarted: boolean,
  common: Common,
): Promise<number | undefined> {
  const file = await findConfig(folderOf(path))
  const spec = await loadConfig(file, { env: process.env })
  const looked = await lookAt(spec, file, common)
  const isTried = isStarted && errorsIn(looked) === 0
  const doubts = isTried ? await doubtsAbout(spec, common) : undefined
  if (isTried && !doubts) return undefined
  return tell([...looked, ...(doubts ? findingsOf(doubts) : [])], common)
}

function tell(findings: readonly Finding[], common: Common): number {
  const errors = errorsIn(findings)
  if (common.json) {
    console.log(JSON.stringify({ ok: errors === 0, findings }))
    return errors
  }
  for (const finding of findings) console.log(findingText(finding))
  console.log(errors === 0 ? 'good to go: midflight up' : `${errors} to mend first`)
  return errors
}
