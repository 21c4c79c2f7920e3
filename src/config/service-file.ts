import type { OutsideGate } from '../core/gate.ts'
import type { JudgeSpec } from '../core/judge.ts'
import type { Address } from '../core/address.ts'
import type { BalanceSpec } from '../core/balance.ts'
import type { EntrySpec, TlsSpec } from '../core/entry.ts'
import type { BasisPoints } from '../core/names.ts'
import type { PreflightSpec } from '../core/doubt.ts'
import type { Portion } from '../core/portion.ts'
import type { NotifySpec } from '../core/notify-spec.ts'
import type { MirrorSpec, Rule, StickyKey, StickySpec } from '../core/rule.ts'
import type {
  EndingSpec,
  InstanceProtocol,
  RateSpec,
  ReadySpec,
  ServiceSpec,
  StopSpec,
} from '../core/service.ts'

/** midflight.yaml when it is understood: its own keys, defaults filled in, durations in ms, sizes in bytes, shares in basis points. Paths are as written. */
export interface ServiceFile {
  readonly service: string
  readonly run: string
  readonly build?: string | undefined
  readonly directory: string
  readonly instances: number
  readonly listen: Address | false
  readonly reach: NonNullable<ServiceSpec['reach']>
  readonly protocol: InstanceProtocol
  readonly env: Readonly<Record<string, string>>
  readonly ready: ReadyFile | string
  readonly stop: StopFile
  readonly limits: LimitsFile
  readonly rollout: RolloutFile
  readonly preflight: PreflightSpec
  readonly clients: Omit<EntrySpec, 'tls'>
  readonly tls?: TlsSpec | undefined
  readonly balance: BalanceSpec
  readonly sticky?: StickySpec | undefined
  readonly rules: readonly Rule[]
  readonly user?: StickyKey | undefined
  readonly geo?: string | undefined
  readonly mirror?: MirrorSpec | undefined
  readonly 'asset-fallback': readonly string[]
  readonly 'access-log': BasisPoints
  readonly notify: readonly NotifySpec[]
}

export interface StopFile {
  readonly drain: number
  readonly signal: StopSpec['signal']
  readonly kill: number
  readonly ending?: EndingSpec | undefined
}

export interface ReadyFile {
  readonly check: NonNullable<ReadySpec['check']>
  readonly path: string
  readonly interval: number
  readonly timeout: number
  readonly up: number
  readonly down: number
  readonly startup: number
  readonly alive?: number | undefined
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
  readonly fields: number
  readonly 'min-rate'?: number | undefined
  readonly 'connections-per-address'?: number | undefined
  readonly rate?: RateSpec | undefined
  readonly retries: BasisPoints
  readonly 'release-rate'?: number | undefined
}

export type JudgeFile =
  | false
  | {
      readonly errors: boolean
      readonly refusals: boolean
      readonly latency?: number | undefined
      readonly crashes: 'any' | 'compared'
      readonly memory: boolean
      readonly early: boolean
      readonly confidence: BasisPoints
      readonly inconclusive: JudgeSpec['inconclusive']
    }

interface GateFile {
  readonly judge: JudgeFile
  readonly gates: readonly OutsideGate[]
  readonly errors: BasisPoints
  readonly 'min-requests': number
  readonly bake: number
  readonly warm: number
  readonly preview?: Address | undefined
}

interface RollingFile extends GateFile {
  readonly strategy: 'rolling'
  readonly batch: Portion
  readonly surge: Portion
}

interface BlueGreenFile extends GateFile {
  readonly strategy: 'blue-green'
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
