import { z } from 'zod'
import type { PreflightSpec } from '../core/doubt.ts'

type Level = 'error' | 'warn' | 'off'

/** What each check is for stands with its key; only what surely hurts refuses a deploy unless the file says otherwise. */
export const preflightSchema: z.ZodType<PreflightSpec> = z.strictObject(
  {
    rollback: level('warn', 'There is no release to go back to, or nothing watches the new one'),
    tests: level('warn', 'No gate of the file runs a test of the new release'),
    branch: level('warn', 'The directory is far behind the main branch of its repository'),
    health: level(
      'warn',
      'The readiness check cannot fail, or an instance on trial did not pass it',
    ),
    sigterm: level(
      'warn',
      'An instance on trial did not finish its request or did not end when told to',
    ),
    memory: level('error', 'What runs at the same time does not fit into memory'),
    disk: level('warn', 'There is no room for one more copy of the release'),
    traffic: level('warn', 'A share is held for too short a time to judge the new release'),
  },
  { error: 'must be a mapping such as { sigterm: error, branch: off }' },
)

function level(usual: Level, description: string): z.ZodType<Level, Level | undefined> {
  return z
    .enum(['error', 'warn', 'off'], { error: 'must be error, warn or off' })
    .default(usual)
    .describe(description)
}
