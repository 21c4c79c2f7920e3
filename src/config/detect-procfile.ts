import type { DetectedCommand, Project } from './detected-command.ts'

/** A Procfile says outright what serves the web. */
export async function detectProcfile(project: Project): Promise<DetectedCommand | undefined> {
  const text = await project.read('Procfile')
  const run = /^web:\s*(\S.*?)\s*$/m.exec(text ?? '')?.[1]
  return run === undefined ? undefined : { run, why: 'Procfile says so for web', notes: [] }
}
