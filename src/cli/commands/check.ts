import type { Command } from 'commander'
import { inspect } from '../../config/inspect.ts'
import type { Finding } from '../../config/inspections/finding.ts'
import { findConfig, loadConfig } from '../../config/load.ts'
import { ownPids } from '../own-pids.ts'
import { paint } from '../paint.ts'
import { verb } from '../verb.ts'
import { commonOf, folderOf, stateDirectory } from '../where.ts'

export function check(): Command {
  return verb('check', 'Tell what would go wrong, and change nothing', 'midflight check')
    .argument('[path]', 'the folder that holds midflight.yaml')
    .action(async (path: string | undefined, _options: object, command: Command) => {
      const common = commonOf(command)
      const folder = folderOf(path)
      const file = await findConfig(folder)
      const spec = await loadConfig(file, { env: process.env })
      const state = stateDirectory(common)
      const findings = await inspect(spec, {
        file,
        state,
        path: process.env['PATH'] ?? '',
        ownPids: await ownPids(state),
      })
      const errors = findings.filter((finding) => finding.level === 'error').length
      process.exitCode = errors > 0 ? 2 : 0
      if (common.json) return console.log(JSON.stringify({ ok: errors === 0, findings }))
      for (const finding of findings) console.log(told(finding))
      console.log(errors === 0 ? 'good to go: midflight up' : `${errors} to mend first`)
    })
}

const MARKS = { ok: paint('green', '✓'), warning: paint('yellow', '!'), error: paint('red', '✗') }

function told({ level, what, why, hint }: Finding): string {
  if (level === 'ok') return `  ${MARKS.ok} ${what}: ${why}`
  return `  ${MARKS[level]} ${what}\n      ${why}${hint === '' ? '' : `\n      → ${hint}`}`
}
