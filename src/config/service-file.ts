import type { BasisPoints } from '../core/names.ts'
import type { StopSpec } from '../core/service.ts'

/** midflight.yaml when it is understood: its own keys, defaults filled in, durations in ms, sizes in bytes, shares in basis points. */
export interface ServiceFile {
  readonly service: string
  readonly run: string
  readonly build?: string | undefined
  readonly directory: string
  readonly instances: number
  readonly listen: string | number
  readonly env: Readonly<Record<string, string>>
  readonly ready: ReadyFile | string
  readonly stop: {
    readonly drain: number
    readonly signal: StopSpec['signal']
    readonly kill: number
  }
  readonly limits: LimitsFile
  readonly rollout: RolloutFile
}

export interface ReadyFile {
  readonly path: string
  readonly interval: number
  readonly timeout: number
  readonly up: number
  readonly down: number
  readonly startup: number
}

export interface LimitsFile {
  readonly head: number
  readonly body: number
  readonly 'head-timeout': number
  readonly 'keep-alive': number
  readonly idle: number
  readonly connect: number
  readonly answer: number
  readonly hold: number
  readonly held: number
}

interface GateFile {
  readonly errors: BasisPoints
  readonly 'min-requests': number
  readonly bake: number
}

interface RollingFile extends GateFile {
  readonly strategy: 'rolling'
  readonly batch: number
  readonly surge: number
}

interface BlueGreenFile extends GateFile {
  readonly strategy: 'blue-green'
  readonly warm: number
}

export interface CanaryFile extends GateFile {
  readonly strategy: 'canary'
  readonly steps: readonly CanaryStepFile[]
  readonly hold: number | 'until-promoted'
}

export type CanaryStepFile =
  | BasisPoints
  | { readonly share: BasisPoints; readonly hold?: number | 'until-promoted' | undefined }

export type RolloutFile = RollingFile | BlueGreenFile | CanaryFile
