import { z } from 'zod'
import type { OutsideGate } from '../core/gate.ts'
import { ms } from './spec-words.ts'

const text = z.string().min(1)
const headers = z.record(z.string(), z.string())
const minute = z.number().int().min(0).max(1_440)
const date = z.iso.date()

const question = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), run: text }),
  z.strictObject({ kind: z.literal('webhook'), url: z.url(), headers }),
  z.strictObject({
    kind: z.literal('prometheus'),
    url: z.url(),
    headers,
    query: text,
    min: z.number().exactOptional(),
    max: z.number().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('approval'), of: text }),
  z.strictObject({
    kind: z.literal('window'),
    windows: z.array(
      z.strictObject({
        days: z.array(z.number().int().min(0).max(6)),
        from: minute,
        to: minute,
        zone: text,
      }),
    ),
    freezes: z.array(
      z.strictObject({ from: date, to: date, zone: text, why: text.exactOptional() }),
    ),
  }),
  z.strictObject({ kind: z.literal('traffic'), requests: z.number().int().positive() }),
])

/** Who else is asked, as it crosses the API. */
export const gates: z.ZodType<readonly OutsideGate[]> = z.array(
  z.strictObject({
    name: text,
    when: z.enum(['before', 'during', 'after']),
    at: z.union([z.literal('start'), z.number().int().min(1).max(10_000)]).exactOptional(),
    question,
    timeoutMs: ms.exactOptional(),
    everyMs: ms,
    noAnswer: z.enum(['undo', 'hold', 'go-on']),
  }),
)
