import type { Histogram } from '../../core/histogram.ts'
import type { Incident } from '../../core/incident.ts'
import type { InstanceId, ReleaseId, ServiceName } from '../../core/names.ts'
import type { FallbackSight, MirrorSight, SightCell } from '../../core/sight.ts'

/** What one worker saw since it told last: only what changed, and only how much more. */
export type SightDelta = Readonly<Record<ServiceName, ServiceSightDelta>>

export interface ServiceSightDelta {
  readonly cells: readonly CellDelta[]
  readonly fallbacks?: FallbackSight
  readonly mirror?: MirrorSight
  readonly decisions?: Readonly<Record<string, number>>
  readonly incidents?: readonly Incident[]
}

export interface CellDelta {
  readonly release: ReleaseId
  readonly instance: InstanceId
  readonly methods: SightCell['methods']
  readonly status: SightCell['status']
  readonly firstByte: Histogram
  readonly whole: Histogram
}
