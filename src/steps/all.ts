import type { Steps } from '../core/step.ts'
import { askGate } from './ask-gate.ts'
import { closePreview } from './close-preview.ts'
import { drain } from './drain.ts'
import { passGate } from './pass-gate.ts'
import { openPreview } from './open-preview.ts'
import { shiftTraffic } from './shift-traffic.ts'
import { startInstances } from './start-instances.ts'
import { stopInstances } from './stop-instances.ts'
import { besideGates } from './beside-gates.ts'
import { waitUntilReady } from './wait-until-ready.ts'
import { watchInstances } from './watch-instances.ts'

/** The one list of every kind of step. */
export const steps: Steps = {
  'start-instances': startInstances,
  'wait-until-ready': waitUntilReady,
  'open-preview': openPreview,
  'close-preview': closePreview,
  'shift-traffic': shiftTraffic,
  'ask-gate': besideGates(askGate),
  'pass-gate': passGate,
  drain,
  'stop-instances': stopInstances,
  'watch-instances': watchInstances,
}
