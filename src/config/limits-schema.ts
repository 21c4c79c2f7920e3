import { z } from 'zod'
import { duration, size, whole } from './scalar-schema.ts'
import type { LimitsFile } from './service-file.ts'

/** What the proxy allows a client, an instance, and a request that has to wait. */
export const limitsSchema: z.ZodType<LimitsFile> = z.strictObject(
  {
    head: size({ from: 2 ** 10, to: 2 ** 20 })
      .prefault('32KiB')
      .describe('Largest head of a request or an answer'),
    body: size({ from: 0, to: 2 ** 40 })
      .prefault('1GiB')
      .describe('Largest body of a request'),
    'head-timeout': duration({ from: 1 })
      .prefault('10s')
      .describe('A client must have sent its whole head by then'),
    'keep-alive': duration({ from: 1 })
      .prefault('75s')
      .describe('An idle connection of a client is closed after this'),
    idle: duration({ from: 1 })
      .prefault('60s')
      .describe('A message that stands still in its middle is given up after this'),
    connect: duration({ from: 1 })
      .prefault('2s')
      .describe('How long connecting to an instance may take'),
    answer: duration({ from: 1 })
      .prefault('60s')
      .describe('From the end of a request to the first byte of its answer'),
    hold: duration()
      .prefault('10s')
      .describe('How long a request waits while no instance is ready'),
    held: whole({ from: 0, to: 1_000_000 })
      .default(1_000)
      .describe('How many requests may wait at once'),
  },
  { error: 'must be a mapping such as { body: 10MiB }' },
)
