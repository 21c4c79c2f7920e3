import { mergedOf } from '../../core/histogram.ts'
import type { MirrorSight } from '../../core/sight.ts'

/** How many of the last differences are kept. */
export const SAMPLES = 10

export function plusMirror(a: MirrorSight | undefined, b: MirrorSight): MirrorSight {
  if (!a) return b
  return {
    sent: a.sent + b.sent,
    same: a.same + b.same,
    differ: {
      status: a.differ.status + b.differ.status,
      fields: a.differ.fields + b.differ.fields,
      body: a.differ.body + b.differ.body,
    },
    failed: a.failed + b.failed,
    dropped: a.dropped + b.dropped,
    uncompared: a.uncompared + b.uncompared,
    times: {
      users: mergedOf([a.times.users, b.times.users]),
      copies: mergedOf([a.times.copies, b.times.copies]),
    },
    samples: [...a.samples, ...b.samples].slice(-SAMPLES),
  }
}
