import { existsSync, readFileSync } from 'node:fs'

/**
 * How this version behaves, so that good and bad versions can be made without touching the code:
 * the file `behaviour.json` in the working directory, then the same JSON in the variable `BEHAVIOUR`.
 * Without either the app is sloppy, as most are: nothing handles SIGTERM, so it dies in the middle of its work.
 */
const defaults = {
  /** Answers 503 on /readyz for ever. */
  'never-ready': false,
  /** Share of requests, 0 to 1, answered 500 although /readyz is fine. */
  errors: 0,
  /** Milliseconds before it listens. */
  'slow-start': 0,
  /** Goes on as if SIGTERM had not come. */
  'ignore-sigterm': false,
  /** Milliseconds after its first good answer on /readyz until it exits with 1; 0 is never. */
  'crash-after-ready': 0,
  /** Finishes its work on SIGTERM before it exits. */
  graceful: false,
}

const fromFile = existsSync('behaviour.json')
  ? JSON.parse(readFileSync('behaviour.json', 'utf8'))
  : {}
const fromEnvironment = JSON.parse(process.env.BEHAVIOUR ?? '{}')

export const behaviour = { ...defaults, ...fromFile, ...fromEnvironment }

const unknown = Object.keys(behaviour).filter((key) => !(key in defaults))
if (unknown.length > 0) {
  throw new Error(
    `unknown behaviour ${unknown.join(', ')}; known: ${Object.keys(defaults).join(', ')}`,
  )
}
