import { Command } from 'commander'
import { abort } from './commands/abort.ts'
import { check } from './commands/check.ts'
import { demo } from './commands/demo.ts'
import { deploy } from './commands/deploy.ts'
import { down } from './commands/down.ts'
import { history } from './commands/history.ts'
import { hold } from './commands/hold.ts'
import { init } from './commands/init.ts'
import { logs } from './commands/logs.ts'
import { pause } from './commands/pause.ts'
import { plan } from './commands/plan.ts'
import { promote } from './commands/promote.ts'
import { prove } from './commands/prove.ts'
import { release } from './commands/release.ts'
import { resume } from './commands/resume.ts'
import { rollback } from './commands/rollback.ts'
import { status } from './commands/status.ts'
import { traffic } from './commands/traffic.ts'
import { up } from './commands/up.ts'
import { upgrade } from './commands/upgrade.ts'
import { why } from './commands/why.ts'
import { version } from '../lib/version.ts'

/** In the order in which a person meets them. */
const VERBS = [
  init,
  check,
  up,
  down,
  deploy,
  plan,
  status,
  history,
  why,
  promote,
  pause,
  resume,
  abort,
  rollback,
  hold,
  release,
  logs,
  traffic,
  upgrade,
  prove,
  demo,
]

/** The whole command line: what runs it and what writes its reference both ask here. */
export function program(): Command {
  const whole = new Command('midflight')
    .description(
      'Releases a new version of a running service, and takes it back by itself when it is bad.',
    )
    .version(version(), '--version')
    .option('--state <dir>', 'the state directory (default: MIDFLIGHT_STATE, or .midflight here)')
    .option('--service <name>', 'the service, when the controller has several')
    .option('--json', 'print JSON instead of text')
    .option('--verbose', 'print stack traces of defects')
    .exitOverride()
    .showSuggestionAfterError()
  for (const verb of VERBS) whole.addCommand(verb().exitOverride())
  return whole
}
