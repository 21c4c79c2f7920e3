import type { Command } from 'commander'
import { inspect } from '../../config/inspect.ts'
import { type Finding, fine } from '../../config/inspections/finding.ts'
import { findConfig, loadConfig } from '../../config/load.ts'
import type { Doubt } from '../../core/doubt.ts'
import type { ServiceSpec } from '../../core/service.ts'
import { doubtsAbout } from '../doubts-about.ts'
import { ownPids } from '../own-pids.ts'
import { paint } from '../paint.ts'
import { verb } from '../verb.ts'
import { type Common, commonOf, folderOf, stateDirectory } from '../where.ts'

/** Killed by SIGINT, as a shell says it. */
const INTERRUPTED = 130

export function check(): Command {
  return verb('check', 'Tell what would go wrong, and change nothing', 'midflight check')
    .argument('[path]', 'the folder that holds midflight.yaml')
    .option('--no-start', 'look only, and do not try an instance of the app')
    .action(async (path: string | undefined, options: { start: boolean }, command: Command) => {
      const common = commonOf(command)
      const file = await findConfig(folderOf(path))
      const spec = await loadConfig(file, { env: process.env })
      const state = stateDirectory(common)
      const looked = await inspect(spec, {
        file,
        state,
        path: process.env['PATH'] ?? '',
        ownPids: await ownPids(state),
      })
      const isTried = options.start && looked.every(({ level }) => level !== 'error')
      const tried = isTried ? await tryOut(spec, common) : []
      if (!tried) {
        process.exitCode = INTERRUPTED
        return
      }
      tell([...looked, ...tried], common)
    })
}

/** `undefined` when it was interrupted. */
async function tryOut(spec: ServiceSpec, common: Common): Promise<readonly Finding[] | undefined> {
  const doubts = await doubtsAbout(spec, common)
  if (doubts?.length === 0)
    return [fine('preflight', 'the preflight has no doubts', 'an instance was tried and ended')]
  return doubts?.map(findingOf)
}

function findingOf({ check: code, level, what, why, hint }: Doubt): Finding {
  return { code, level: level === 'warn' ? 'warning' : 'error', what, why, hint }
}

function tell(findings: readonly Finding[], common: Common): void {
  const errors = findings.filter((finding) => finding.level === 'error').length
  process.exitCode = errors > 0 ? 2 : 0
  if (common.json) return console.log(JSON.stringify({ ok: errors === 0, findings }))
  for (const finding of findings) console.log(told(finding))
  console.log(errors === 0 ? 'good to go: midflight up' : `${errors} to mend first`)
}

const MARKS = { ok: paint('green', '✓'), warning: paint('yellow', '!'), error: paint('red', '✗') }

function told({ level, what, why, hint }: Finding): string {
  if (level === 'ok') return `  ${MARKS.ok} ${what}: ${why}`
  return `  ${MARKS[level]} ${what}\n      ${why}${hint === '' ? '' : `\n      → ${hint}`}`
}
