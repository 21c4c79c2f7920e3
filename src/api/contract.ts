import { z } from 'zod'
import type { DescribedRequest } from '../core/explanation.ts'
import type { ServiceSpec } from '../core/service.ts'
import { specSchema } from './spec-schema.ts'

export type IfBusy = 'refuse' | 'queue' | 'supersede'

/** Who asks, as he wants to be known in the record. */
export interface Asker {
  readonly by?: string
}

export interface PlanBody {
  readonly spec: ServiceSpec
  readonly release?: string
}

export interface DeployBody extends PlanBody, Asker {
  readonly ifBusy: IfBusy
}

export interface GroupBody extends Asker {
  readonly name: string
  readonly ifBusy: IfBusy
  /** In the order in which they roll out. */
  readonly members: readonly PlanBody[]
}

export interface RollbackBody extends Asker {
  readonly release?: string
  readonly ifBusy: IfBusy
}

export interface ReasonBody extends Asker {
  readonly reason: string
}

export interface PromoteBody extends Asker {
  /** Only the hold that runs, or all until the traffic has moved. */
  readonly holds?: 'one' | 'all'
}

export interface HoldBody {
  readonly requests: 'all' | 'writes'
}

const release = z.string().min(1).exactOptional()
const by = z.string().min(1).max(100).exactOptional()
const ifBusy = z.enum(['refuse', 'queue', 'supersede'])

/** What the verbs of the API take. What they answer are core's and the engine's own types, as JSON. */
export const planBody: z.ZodType<PlanBody> = z.strictObject({ spec: specSchema, release })
export const deployBody: z.ZodType<DeployBody> = z.strictObject({
  spec: specSchema,
  release,
  ifBusy,
  by,
})
const members = z.array(planBody).min(2).max(100)
export const groupBody: z.ZodType<GroupBody> = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w-]{0,62}$/),
  members,
  ifBusy,
  by,
})
export const groupCheckBody: z.ZodType<Pick<GroupBody, 'members'>> = z.strictObject({ members })
export const rollbackBody: z.ZodType<RollbackBody> = z.strictObject({ release, ifBusy, by })
export const reasonBody: z.ZodType<ReasonBody> = z.strictObject({
  reason: z.string().max(500),
  by,
})
export const askerBody: z.ZodType<Asker> = z.strictObject({ by })
export const promoteBody: z.ZodType<PromoteBody> = z.strictObject({
  by,
  holds: z.enum(['one', 'all']).exactOptional(),
})
export const holdBody: z.ZodType<HoldBody> = z.strictObject({
  requests: z.enum(['all', 'writes']),
})

/** No break of a line, which would make two fields of one. */
const clean = z.string().regex(/^[^\r\n]*$/)
export const describedBody: z.ZodType<DescribedRequest> = z.strictObject({
  method: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/),
  path: clean.startsWith('/').max(8192),
  headers: z.array(z.tuple([z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), clean])),
  client: z.union([z.ipv4(), z.ipv6()]),
})

/** One line of an instance's output. */
export interface LogLine {
  readonly instance: string
  readonly line: string
}

export interface LogFilter {
  readonly release?: string
  readonly instance?: number
  readonly lines: number
  readonly follow: boolean
}

export interface AccessFilter {
  readonly lines: number
  readonly follow: boolean
}

/** Who answers: enough to tell one controller from the next. */
export interface Greeting {
  readonly midflight: string
  readonly pid: number
  readonly services: readonly string[]
}

export type { InstanceStatus, Status } from '../engine/status.ts'
