import { z } from 'zod'
import type { DetectedCommand, Project } from './detected-command.ts'

const packageJson = z.object({
  name: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
})

export interface PackageJson {
  readonly name?: string | undefined
  readonly main?: string | undefined
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, unknown>>
  readonly devDependencies: Readonly<Record<string, unknown>>
}

const FRAMEWORKS = [
  'next',
  'nuxt',
  'fastify',
  'express',
  'koa',
  'hono',
  '@nestjs/core',
  '@hapi/hapi',
]
const USUAL_FILES = [
  'server.js',
  'app.js',
  'index.js',
  'server.mjs',
  'index.mjs',
  'server.ts',
  'src/server.js',
  'src/index.js',
  'src/server.ts',
  'src/index.ts',
]

/** The package.json of a directory; `undefined` when there is none, or none that can be read. */
export async function readPackage(
  project: Pick<Project, 'read'>,
): Promise<PackageJson | undefined> {
  const text = await project.read('package.json')
  if (text === undefined) return undefined
  try {
    return packageJson.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}

/** The start script's own command rather than `npm start`, because npm stands between the app and its signals. */
export async function detectNode(project: Project): Promise<DetectedCommand | undefined> {
  const manifest = await readPackage(project)
  const found = manifest ? fromPackage(manifest) : undefined
  const command = found ?? fromFiles(project)
  if (!command) return undefined
  const locked = (await project.read('package-lock.json')) !== undefined
  return locked ? { ...command, build: 'npm ci' } : command
}

function fromPackage(manifest: PackageJson): DetectedCommand | undefined {
  const framework = FRAMEWORKS.find((name) => name in manifest.dependencies)
  const because = framework ? ` (it uses ${framework})` : ''
  const start = manifest.scripts['start']
  if (start !== undefined) return fromScript(start, manifest, because)
  if (framework === 'next')
    return {
      run: 'node_modules/.bin/next start',
      why: `package.json uses next`,
      notes: ['Run next build before a release.'],
    }
  if (manifest.main === undefined) return undefined
  return { run: `node ${manifest.main}`, why: `package.json has it as main${because}`, notes: [] }
}

function fromScript(start: string, manifest: PackageJson, because: string): DetectedCommand {
  if (/[;&|<>()]|^\w+=/.test(start)) {
    return {
      run: 'npm start',
      why: `package.json has a start script${because}`,
      notes: [
        'npm does not pass signals on well: better write the command that its start script ends with.',
      ],
    }
  }
  const [word = ''] = start.split(/\s+/)
  const isInstalled = word in manifest.dependencies || word in manifest.devDependencies
  return {
    run: isInstalled ? `node_modules/.bin/${start}` : start,
    why: `it is the start script of package.json${because}`,
    notes: [],
  }
}

function fromFiles(project: Project): DetectedCommand | undefined {
  const file = USUAL_FILES.find((name) => project.sources.some((source) => source.path === name))
  return file === undefined
    ? undefined
    : { run: `node ${file}`, why: `${file} is there`, notes: [] }
}
