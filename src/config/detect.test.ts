import { describe, expect, it } from 'vitest'
import { projectOf } from '../../test/support/project-of.ts'
import { detectProject } from './detect.ts'

type Files = Readonly<Record<string, string>>

const detect = async (files: Files, name?: string) => detectProject(await projectOf(files, name))
const json = (value: unknown) => JSON.stringify(value)
const flask = "from flask import Flask\napp = Flask(__name__)\n@app.get('/health')\n"

describe('the command of a project', () => {
  it.each<[string, Files, string, string]>([
    [
      'Procfile',
      { Procfile: 'worker: x\nweb: node web.js\n', 'server.js': '' },
      'node web.js',
      'Procfile says so',
    ],
    [
      'start script',
      {
        'package.json': json({
          scripts: { start: 'node server.js' },
          dependencies: { express: '5' },
        }),
      },
      'node server.js',
      '(it uses express)',
    ],
    [
      'tool in the start script',
      {
        'package.json': json({
          scripts: { start: 'tsx server.ts' },
          devDependencies: { tsx: '4' },
        }),
      },
      'node_modules/.bin/tsx server.ts',
      'start script',
    ],
    [
      'compound start script',
      { 'package.json': json({ scripts: { start: 'tsc && node dist' } }) },
      'npm start',
      'start script',
    ],
    [
      'main of a package',
      { 'package.json': json({ main: 'lib/app.js' }) },
      'node lib/app.js',
      'main',
    ],
    [
      'next app',
      { 'package.json': json({ dependencies: { next: '16' } }) },
      'node_modules/.bin/next start',
      'next',
    ],
    ['usual file', { 'src/server.ts': '' }, 'node src/server.ts', 'src/server.ts is there'],
    [
      'broken package.json',
      { 'package.json': '{', 'index.js': '' },
      'node index.js',
      'index.js is there',
    ],
    [
      'odd package.json',
      { 'package.json': json({ name: 5, scripts: [], main: 'a.js' }) },
      'node a.js',
      'main',
    ],
    [
      'flask app with gunicorn',
      {
        'requirements.txt': 'flask\ngunicorn==23\n',
        'app.py': flask,
        'wsgi.py': 'from app import app\n',
      },
      'gunicorn --bind 127.0.0.1:$PORT --workers 2 wsgi:app',
      'gunicorn is in the requirements',
    ],
    [
      'flask app alone',
      { 'requirements.txt': 'Flask>=3\n', 'app.py': flask },
      'flask --app app:app run --host 127.0.0.1 --port $PORT',
      'Flask app',
    ],
    [
      'flask factory',
      { 'requirements.txt': 'gunicorn', 'wsgi.py': 'def create_app():\n  pass\n' },
      "gunicorn --bind 127.0.0.1:$PORT --workers 2 'wsgi:create_app()'",
      'gunicorn',
    ],
    [
      'fastapi app',
      {
        'pyproject.toml': 'dependencies = [\n  "fastapi",\n  "uvicorn",\n]',
        'main.py': 'api = FastAPI()\n',
      },
      'uvicorn --host 127.0.0.1 --port $PORT main:api',
      'FastAPI',
    ],
    [
      'django project',
      {
        'requirements.txt': 'django\ngunicorn',
        'manage.py': '',
        'shop/wsgi.py': 'application = get_wsgi_application()\n',
      },
      'gunicorn --bind 127.0.0.1:$PORT --workers 2 shop.wsgi:application',
      'gunicorn',
    ],
    [
      'django project without gunicorn',
      {
        'requirements.txt': 'django',
        'manage.py': '',
        'shop/wsgi.py': 'application = get_wsgi_application()\n',
      },
      'python manage.py runserver 127.0.0.1:$PORT --noreload',
      'manage.py',
    ],
    [
      'python app with its environment',
      { '.venv/bin/gunicorn': '', 'requirements.txt': 'gunicorn', 'app.py': flask },
      '.venv/bin/gunicorn --bind 127.0.0.1:$PORT --workers 2 app:app',
      'gunicorn',
    ],
    [
      'Dockerfile',
      { Dockerfile: 'FROM x\nEXPOSE 3000\nCMD ["./serve", "--name", "a b"]\n' },
      "./serve --name 'a b'",
      'Dockerfile',
    ],
    [
      'Dockerfile with an entrypoint',
      { Dockerfile: 'ENTRYPOINT ["java"]\nCMD -jar \\\n app.jar' },
      'java -jar app.jar',
      'Dockerfile',
    ],
  ])('of a %s is found', async (_, files, run, why) => {
    const { command } = await detect(files)
    expect(command?.run).toBe(run)
    expect(command?.why).toContain(why)
  })

  it('is not made up where nothing tells', async () => {
    expect((await detect({ 'README.md': 'hello' })).command).toBeUndefined()
    expect((await detect({ Dockerfile: 'FROM x' })).command).toBeUndefined()
  })

  it('comes with a build where packages are locked', async () => {
    const { command } = await detect({ 'index.js': '', 'package-lock.json': '{}' })
    expect(command?.build).toBe('npm ci')
  })

  it('says what is missing for a good one', async () => {
    const notes = async (files: Files) => (await detect(files)).command?.notes.join()
    expect(await notes({ 'requirements.txt': 'flask', 'app.py': flask })).toContain('add gunicorn')
    expect(await notes({ 'package.json': json({ scripts: { start: 'a && b' } }) })).toContain(
      'signals',
    )
    expect(await notes({ Dockerfile: 'EXPOSE 3000\nCMD x' })).toContain('exposes 3000')
  })
})

describe('the name of a service', () => {
  it.each<[string | undefined, string, string]>([
    ['@acme/web.shop', 'folder', 'web-shop'],
    [undefined, 'my shop', 'my-shop'],
    ['7seas', 'x', 'seas'],
    ['123', '456', 'app'],
    ['a'.repeat(80), 'x', 'a'.repeat(63)],
  ])('for package %s in folder %s is %s', async (name, folder, service) => {
    expect((await detect({ 'package.json': json({ name }) }, folder)).service).toBe(service)
  })
})

describe('the ready path', () => {
  it('is the best of those the sources name', async () => {
    const { ready } = await detect({ 'a.js': 'get("/up")', 'src/b.ts': "get('/healthz')" })
    expect(ready).toEqual({ path: '/healthz', why: 'src/b.ts answers it' })
  })

  it('is not looked for in what others wrote, nor in tests', async () => {
    const files = {
      'node_modules/x/i.js': "'/readyz'",
      'a.test.js': "'/readyz'",
      '.git/x.js': "'/up'",
    }
    expect((await detect(files)).ready).toBeUndefined()
  })
})
