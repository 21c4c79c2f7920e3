import { z } from 'zod'
import type { EndingSpec } from '../core/service.ts'
import { duration, whole } from './scalar-schema.ts'
import type { StopFile } from './service-file.ts'

const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

const SPREAD_MS = 10_000

/** How an instance ends. */
export const stopSchema: z.ZodType<StopFile> = z
  .strictObject(
    {
      drain: duration()
        .prefault('30s')
        .describe('How long running requests, uploads and streams may go on'),
      signal: z
        .enum(signals, { error: `must be one of ${signals.join(', ')}` })
        .default('SIGTERM')
        .describe('Asks the process to end'),
      kill: duration().prefault('10s').describe('After this it is ended with SIGKILL'),
      stay: duration()
        .optional()
        .describe(
          'How much of `drain` WebSockets and event streams stay untouched before they are closed one by one, with close code 1012; what `spread` leaves',
        )
        .meta({ examples: ['10s'] }),
      spread: duration()
        .optional()
        .describe(
          'Over which time they are closed then, so that not all come back at once; a quarter of `drain`, at most 10s, unless `stay` is set',
        )
        .meta({ examples: ['10s'] }),
      reconnects: whole({ from: 0, to: 1_000_000 })
        .optional()
        .describe(
          'How many of them are let in again each second; 0 is no limit. Each worker keeps to an equal part of it, whether the others need theirs or not',
        )
        .meta({ examples: [100] }),
    },
    { error: 'must be a mapping such as { drain: 30s }' },
  )
  .superRefine(({ stay, spread, drain }, context) => {
    if ((stay ?? 0) + (spread ?? 0) <= drain) return
    const message = 'must fit into drain: stay and spread together may not be longer'
    context.addIssue({ code: 'custom', path: [stay === undefined ? 'spread' : 'stay'], message })
  })
  .transform(({ drain, signal, kill, ...rest }) => {
    const ending = endingOf(drain, rest)
    return { drain, signal, kill, ...(ending && { ending }) }
  })

interface Wished {
  readonly stay?: number | undefined
  readonly spread?: number | undefined
  readonly reconnects?: number | undefined
}

/**
 * What is left out takes what the other leaves of `drain`; when both are, the last quarter is for closing. Without a drain
 * there is no time to close anything.
 */
function endingOf(drain: number, { stay, spread, reconnects }: Wished): EndingSpec | undefined {
  if (drain === 0) return undefined
  const most = stay === undefined ? drain / 4 : drain - stay
  const spreadMs = spread ?? Math.min(SPREAD_MS, Math.floor(most))
  return { stayMs: stay ?? drain - spreadMs, spreadMs, reconnectsPerSecond: reconnects ?? 0 }
}
