import { once } from 'node:events'
import type { Answer, Gate } from '../../../core/asking.ts'
import type { ApprovalQuestion } from '../../../core/gate.ts'
import { within } from '../../../lib/within.ts'

/** A person who approves with `midflight promote`; who does not says `midflight abort`. */
export const approvalGate: Gate<ApprovalQuestion> = {
  ask: async ({ of }, _occasion, { timeoutMs, signal, hurry }) =>
    within<Answer>(
      { ms: timeoutMs, signal, late: { kind: 'none', why: `${of} did not approve in time` } },
      async (limited) => {
        const signals = hurry ? [limited, hurry] : [limited]
        const either = AbortSignal.any(signals)
        if (!either.aborted) await once(either, 'abort')
        limited.throwIfAborted()
        return { kind: 'yes', note: `approved (${of})` }
      },
    ),
}
