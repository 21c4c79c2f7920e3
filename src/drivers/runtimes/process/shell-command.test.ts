import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellCommand } from './shell-command.ts'

it.each(['node server.js', './bin/app --port $PORT', 'node "a b.js" > out.log', 'npm start'])(
  'lets a single program take the place of the shell: %s',
  (run) => {
    expect(shellCommand(run)).toBe(`exec ${run}`)
  },
)

it.each([
  'npm run build && node server.js',
  'node a.js & wait',
  'PORT=1 node server.js',
  'exec node server.js',
  'cd app; node server.js',
  '. ./env',
  'exit 3',
  '"my app"',
  'echo `date`',
  'while true; do sleep 1; done',
])('leaves anything more as it was written: %s', (run) => {
  expect(shellCommand(run)).toBe(run)
})

it('changes nothing about what is run', () => {
  const sh = (run: string) => execFileSync('sh', ['-c', run], { encoding: 'utf8' })
  const run = `printf '%s-%s' "$((1))" "a b"`
  expect(sh(shellCommand(run))).toBe(sh(run))
  expect(sh(shellCommand('printf %s x'))).toBe('x')
})
