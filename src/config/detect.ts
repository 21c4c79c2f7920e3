import { basename, resolve } from 'node:path'
import { detectDockerfile } from './detect-dockerfile.ts'
import { detectNode, readPackage } from './detect-node.ts'
import { detectProcfile } from './detect-procfile.ts'
import { detectPython } from './detect-python.ts'
import type { DetectedCommand, Project } from './detected-command.ts'
import { openProject } from './open-project.ts'
import type { SourceText } from './source-texts.ts'

/** What a midflight.yaml for a project may say, and why, in words. */
export interface Suggestion {
  readonly service: string
  /** `undefined` when nothing in the directory tells. */
  readonly command: DetectedCommand | undefined
  /** `undefined` when the sources name none of the usual paths. */
  readonly ready: { readonly path: string; readonly why: string } | undefined
}

/** The usual names of the question "can you serve?", the best first. */
const READY_PATHS = ['/readyz', '/healthz', '/health', '/up']

/** The one that says it most plainly first. */
const DETECTORS = [detectProcfile, detectNode, detectPython, detectDockerfile]

/** Looks at a project without running anything of it. Rejects with the system's error when the directory cannot be read. */
export async function detectProject(directory: string): Promise<Suggestion> {
  const project = await openProject(directory)
  return {
    service: await serviceNameOf(project),
    command: await firstCommand(project),
    ready: readyIn(project.sources),
  }
}

async function firstCommand(project: Project): Promise<DetectedCommand | undefined> {
  for (const detect of DETECTORS) {
    const command = await detect(project)
    if (command) return command
  }
  return undefined
}

/** The package's name without its scope, else the folder's, in the letters a service name may have. */
async function serviceNameOf(project: Project): Promise<string> {
  const named = (await readPackage(project))?.name?.replace(/^@[^/]*\//, '')
  return (
    [named, basename(resolve(project.directory))]
      .map((name) => sanitized(name))
      .find((name) => name !== '') ?? 'app'
  )
}

function sanitized(name = ''): string {
  return name
    .replaceAll(/[^A-Za-z\d_-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '')
}

function readyIn(sources: readonly SourceText[]): Suggestion['ready'] {
  for (const path of READY_PATHS) {
    const quoted = new RegExp(`['"\`]${path}/?['"\`]`)
    const source = sources.find(({ text }) => quoted.test(text))
    if (source) return { path, why: `${source.path} answers it` }
  }
  return undefined
}
