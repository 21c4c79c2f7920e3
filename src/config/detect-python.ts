import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { DetectedCommand, Project } from './detected-command.ts'

interface PythonApp {
  /** As gunicorn and uvicorn name it: `wsgi:app`. */
  readonly target: string
  readonly kind: 'django' | 'flask' | 'fastapi' | 'wsgi'
}

/** A WSGI or ASGI app, behind the server that its requirements name. */
export async function detectPython(project: Project): Promise<DetectedCommand | undefined> {
  const named = await requirementsOf(project)
  const app = appIn(project)
  if (!app) return undefined
  const has = (name: string) => new RegExp(`^[\\s"']*${name}\\b`, 'im').test(named)
  const bin = await binOf(project.directory)
  if (app.kind === 'fastapi')
    return {
      run: `${bin}uvicorn --host 127.0.0.1 --port $PORT ${app.target}`,
      why: `${app.target} is a FastAPI app`,
      notes:
        has('uvicorn') || has('fastapi') ? [] : ['uvicorn is not in the requirements: add it.'],
    }
  const served = `${bin}gunicorn --bind 127.0.0.1:$PORT --workers 2 ${app.target}`
  if (has('gunicorn'))
    return {
      run: served,
      why: `${app.target} is the app and gunicorn is in the requirements`,
      notes: [],
    }
  return withoutGunicorn(app, bin, served)
}

function withoutGunicorn(app: PythonApp, bin: string, served: string): DetectedCommand {
  const notes = [
    `gunicorn is not in the requirements, and the framework's own server is for development: add gunicorn, then run: ${served}`,
  ]
  if (app.kind === 'django')
    return {
      run: `${bin}python manage.py runserver 127.0.0.1:$PORT --noreload`,
      why: 'manage.py is there',
      notes,
    }
  if (app.kind === 'flask')
    return {
      run: `${bin}flask --app ${app.target} run --host 127.0.0.1 --port $PORT`,
      why: `${app.target} is a Flask app`,
      notes,
    }
  return {
    run: served,
    why: `${app.target} is a WSGI app`,
    notes: ['gunicorn is not in the requirements: add it.'],
  }
}

async function requirementsOf(project: Project): Promise<string> {
  const texts = await Promise.all(
    ['requirements.txt', 'pyproject.toml', 'Pipfile'].map((name) => project.read(name)),
  )
  return texts.filter((text) => text !== undefined).join('\n')
}

/** wsgi.py first: it is there to be served. */
function appIn(project: Project): PythonApp | undefined {
  const files = project.sources.filter((source) => source.path.endsWith('.py'))
  const isFirst = (path: string) => Number(!/(?:^|\/)[aw]sgi\.py$/.test(path))
  for (const { path, text } of files.toSorted((a, b) => isFirst(a.path) - isFirst(b.path))) {
    const found = appOf(path.replace(/\.py$/, '').replaceAll('/', '.'), text)
    if (found) return found
  }
  return undefined
}

function appOf(module: string, text: string): PythonApp | undefined {
  const made = /^(\w+)\s*(?::[^=\n]*)?=\s*(Flask|FastAPI|get_wsgi_application|create_app)\(/m.exec(
    text,
  )
  const target = `${module}:${made?.[1] ?? ''}`
  switch (made?.[2]) {
    case 'Flask':
      return { target, kind: 'flask' }
    case 'FastAPI':
      return { target, kind: 'fastapi' }
    case 'get_wsgi_application':
      return { target, kind: 'django' }
    case 'create_app':
      return { target, kind: 'wsgi' }
    default:
      return factoryOf(module, text)
  }
}

function factoryOf(module: string, text: string): PythonApp | undefined {
  if (/^def create_app\(\s*\)/m.test(text))
    return { target: `'${module}:create_app()'`, kind: 'flask' }
  const imported = /^from\s+\S+\s+import\s+(app|application)\b/m.exec(text)?.[1]
  return imported && module.endsWith('wsgi')
    ? { target: `${module}:${imported}`, kind: 'wsgi' }
    : undefined
}

/** A virtual environment beside the app knows its packages. */
async function binOf(directory: string): Promise<string> {
  for (const bin of ['.venv/bin/', 'venv/bin/']) {
    if (
      await access(join(directory, bin)).then(
        () => true,
        () => false,
      )
    )
      return bin
  }
  return ''
}
