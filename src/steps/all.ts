import type { Steps } from '../core/step.ts'
import { askGate } from './ask-gate.ts'
import { drain } from './drain.ts'
import { shiftTraffic } from './shift-traffic.ts'
import { startInstances } from './start-instances.ts'
import { stopInstances } from './stop-instances.ts'
import { waitUntilReady } from './wait-until-ready.ts'
import { watchInstances } from './watch-instances.ts'

/** The one list of every kind of step. */
export const steps: Steps = {
  'start-instances': startInstances,
  'wait-until-ready': waitUntilReady,
  'shift-traffic': shiftTraffic,
  'ask-gate': askGate,
  drain,
  'stop-instances': stopInstances,
  'watch-instances': watchInstances,
}
