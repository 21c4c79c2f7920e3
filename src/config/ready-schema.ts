import { z } from 'zod'
import { duration, whole } from './scalar-schema.ts'
import type { ReadyFile } from './service-file.ts'

/** RFC 9112 §3.2.1: a request target is an absolute path in visible ASCII; a fragment never travels. */
const path = z
  .string({ error: 'must be a path such as /readyz' })
  .regex(/^\/(?:(?!#)[!-~])*$/, { error: 'must be a path such as /readyz, without spaces or #' })

/** How to know that an instance is ready: a mapping, or just the path. */
export const readySchema: z.ZodType<ReadyFile | string> = z.union(
  [
    path,
    z.strictObject({
      check: z
        .enum(['http', 'tcp', 'grpc'], { error: 'must be http, tcp or grpc' })
        .default('http')
        .describe(
          'How it is asked: `http` for `path`, `tcp` whether it takes a connection, `grpc` its health service (grpc.health.v1)',
        ),
      path: path
        .default('/')
        .describe('GET on this path answers 200 to 399 when the instance can serve')
        .meta({ examples: ['/readyz'] }),
      interval: duration({ from: 10 }).prefault('1s').describe('Time between two checks'),
      timeout: duration({ from: 1 })
        .prefault('2s')
        .describe('A check without an answer by then failed'),
      up: whole({ from: 1, to: 100 }).default(2).describe('Good answers in a row to be ready'),
      down: whole({ from: 1, to: 100 }).default(3).describe('Bad answers in a row to be out again'),
      startup: duration({ from: 1 })
        .prefault('60s')
        .describe('How long a new instance may take to be ready for the first time'),
      alive: duration({ from: 1 })
        .optional()
        .describe(
          'Only with `listen: false`: an instance is ready when it has lived for so long; 5s unless said',
        )
        .meta({ examples: ['5s'] }),
    }),
  ],
  { error: 'must be a path such as /readyz, or a mapping such as { path: /readyz }' },
)
