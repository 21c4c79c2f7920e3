import { z } from 'zod'
import { limitsSchema } from './limits-schema.ts'
import { LISTEN_ERROR, listenSchema } from './listen-schema.ts'
import { preflightSchema } from './preflight-schema.ts'
import { notifySchema } from './notify-schema.ts'
import { readySchema } from './ready-schema.ts'
import { rolloutSchema } from './rollout-schema.ts'
import { refuseConflicts } from './refuse-conflicts.ts'
import { text, whole } from './scalar-schema.ts'
import type { ServiceFile } from './service-file.ts'
import { stopSchema } from './stop-schema.ts'
import { trafficKeys } from './traffic-keys.ts'

const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, { error: 'must be a name of letters, digits and _' })
  .refine((name) => name !== 'PORT', { error: 'may not be set: each instance gets its own' })

/** `VERSION: 1.10` is text here: the reader keeps it as written before it is validated. */
const plainText = z
  .string({ error: 'must be text' })
  .meta({ type: ['string', 'number', 'boolean'] })

/**
 * midflight.yaml: what is allowed, what is meant when a key is left out, and what each key is for. Validation, the JSON
 * Schema for editors and the reference page all come from here.
 */
export const schema: z.ZodType<ServiceFile> = z
  .strictObject(
    {
      service: z
        .string({ error: 'must be a name such as shop' })
        .regex(/^[A-Za-z][\w-]{0,62}$/, {
          error: 'must begin with a letter and hold at most 63 letters, digits, _ and -',
        })
        .describe('The name of the service')
        .meta({ examples: ['shop'] }),
      run: text('a shell command such as node server.js')
        .describe('The shell command that runs one instance. It learns its port from `PORT`')
        .meta({ examples: ['node server.js'] }),
      build: text('a shell command such as npm ci')
        .optional()
        .describe(
          'A shell command that runs once in each release’s own copy, before its first instance',
        )
        .meta({ examples: ['npm ci'] }),
      directory: text('a directory such as ./dist')
        .default('.')
        .describe('What a release is copied from, relative to this file'),
      instances: whole({ from: 1, to: 100 }).default(2).describe('How many copies run'),
      listen: z
        .union([listenSchema, z.literal(false)], { error: LISTEN_ERROR })
        .prefault(8080)
        .describe(
          'Where users reach the service: a port (then on every address), or host:port; `false` for a worker, which takes no traffic',
        )
        .meta({ examples: [8080, '127.0.0.1:8080', false] }),
      reach: z
        .enum(['port', 'socket'], { error: 'must be port or socket' })
        .default('port')
        .describe('What `PORT` holds: a free port, or the path of a unix socket'),
      protocol: z
        .enum(['http1', 'http2'], { error: 'must be http1 or http2' })
        .default('http1')
        .describe(
          'What instances speak; `http2` in the clear with prior knowledge, as gRPC needs it',
        ),
      env: z
        .record(variable, plainText, {
          error: 'must be a mapping such as { LOG: info }',
        })
        .default({})
        .describe('The environment of each instance and of `build`; values may hold `${VAR}`')
        .meta({ examples: [{ LOG: 'info' }] }),
      ready: readySchema
        .prefault({})
        .describe('How to know that an instance is ready: a path, or a mapping')
        .meta({ examples: ['/readyz'] }),
      stop: stopSchema
        .prefault({})
        .describe('How an instance ends')
        .meta({ examples: [{ drain: '30s' }] }),
      limits: limitsSchema
        .prefault({})
        .describe('What the proxy allows')
        .meta({ examples: [{ body: '10MiB' }] }),
      rollout: rolloutSchema
        .prefault({})
        .describe('How a new release takes over from the old one')
        .meta({ examples: [{ strategy: 'canary' }] }),
      preflight: preflightSchema
        .prefault({})
        .describe(
          'What is looked at before each deploy: `error` refuses it, `warn` is told, `off` is not looked at',
        )
        .meta({ examples: [{ sigterm: 'error', branch: 'off' }] }),
      ...trafficKeys,
      notify: notifySchema
        .prefault([])
        .describe('Who is told of rollouts')
        .meta({ examples: [[{ slack: '${SLACK_URL}', on: ['undone', 'stuck'] }]] }),
    },
    { error: 'must be a mapping that begins with service: and run:' },
  )
  .superRefine(refuseConflicts)
