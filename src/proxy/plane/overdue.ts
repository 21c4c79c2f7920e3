import type { LimitSpec } from '../../core/service.ts'

/** How far a request has come. */
export type Stage = 'held' | 'connecting' | 'sent' | 'answering' | 'answered' | 'over'

export interface Waiting {
  readonly stage: Stage
  readonly requestComplete: boolean
  readonly instanceBlocked: boolean
  readonly clientBlocked: boolean
  /** The answer is a stream of events: it may be silent for as long as it likes. */
  readonly endless: boolean
  /** Since something moved last. */
  readonly waitedMs: number
}

/** Who kept the others waiting for too long, and for what. */
export type Overdue = 'connect' | 'answer' | 'client' | 'instance'

export function overdue(waiting: Waiting, limits: LimitSpec): Overdue | undefined {
  const waited = waiting.waitedMs
  switch (waiting.stage) {
    case 'connecting':
      return waited > limits.connectMs ? 'connect' : undefined
    case 'sent':
      if (waiting.requestComplete) return waited > limits.answerMs ? 'answer' : undefined
      if (waited <= limits.idleMs) return undefined
      return waiting.instanceBlocked ? 'answer' : 'client'
    case 'answering':
      if (waited <= limits.idleMs) return undefined
      if (waiting.clientBlocked || !waiting.requestComplete) return 'client'
      return waiting.endless ? undefined : 'instance'
    case 'answered':
      return waited > limits.idleMs ? 'client' : undefined
    case 'held':
    case 'over':
      return undefined
  }
}
