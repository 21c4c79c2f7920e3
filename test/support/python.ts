import { spawnSync } from 'node:child_process'

/** Why a test that needs Flask under gunicorn has to be skipped here, if so. */
export function missing(): string | undefined {
  const modules = 'import flask, gunicorn, psycopg2, redis'
  const { status } = spawnSync('/usr/bin/python3', ['-c', modules], { stdio: 'ignore' })
  return status === 0
    ? undefined
    : 'Flask, gunicorn, psycopg2 and redis for Python are not installed'
}
