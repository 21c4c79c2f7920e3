import { openProject } from '../open-project.ts'
import { readPackage } from '../detect-node.ts'
import type { Inspection } from './finding.ts'

/** npm and its like stand between the app and its signals: the app does not learn that it should end. */
export const inspectPackageManager: Inspection = async (spec) => {
  const match = /^(?:exec\s+)?(npm|yarn|pnpm)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/.exec(
    spec.run.trim(),
  )
  const [, manager, script] = match ?? []
  if (manager === undefined || script === undefined) return []
  const scripts = (await readPackage(await openProject(spec.directory)))?.scripts ?? {}
  const own = Object.hasOwn(scripts, script) ? scripts[script] : undefined
  return [
    {
      code: 'signals-swallowed',
      level: 'warning',
      what: `run starts the app through ${manager}`,
      why: `${manager} does not pass signals on well, so the app may be killed in the middle of its requests`,
      hint: own
        ? `Write the script's own command: run: ${own}`
        : 'Write the command that the script runs.',
    },
  ]
}
