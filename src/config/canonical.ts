import type { JudgeSpec } from '../core/judge.ts'
import { ALL } from '../core/names.ts'
import type { CanaryStep, RolloutSpec } from '../core/rollout-spec.ts'
import type { LimitSpec, ReadySpec, ServiceSpec } from '../core/service.ts'
import { readySchema } from './ready-schema.ts'
import type {
  CanaryFile,
  JudgeFile,
  LimitsFile,
  ReadyFile,
  RolloutFile,
  ServiceFile,
} from './service-file.ts'
import { trafficSpec } from './traffic-spec.ts'

interface Resolved extends Pick<ServiceSpec, 'directory' | 'env'> {
  /** The one that holds the file, absolute. */
  readonly folder: string
}

/** What the file means, in core's words. `directory` is absolute; `env` is the whole environment the file asks for. */
export function canonical(file: ServiceFile, resolved: Resolved): ServiceSpec {
  return {
    name: file.service,
    run: file.run,
    ...(file.build !== undefined && { build: file.build }),
    directory: resolved.directory,
    env: resolved.env,
    instances: file.instances,
    ...(file.listen && { listen: file.listen }),
    ready: file.listen ? readySpec(file.ready) : readyWorker(file.ready),
    stop: { drainMs: file.stop.drain, signal: file.stop.signal, killMs: file.stop.kill },
    limits: limitSpec(file.limits),
    rollout: rolloutSpec(file.rollout),
    preflight: file.preflight,
    ...(file.reach !== 'port' && { reach: file.reach }),
    ...(file.protocol !== 'http1' && { protocol: file.protocol }),
    ...(file.listen && { traffic: trafficSpec(file, resolved.folder) }),
    ...(file.notify.length > 0 && { notify: file.notify }),
  }
}

function readySpec(ready: ReadyFile | string): ReadySpec {
  if (typeof ready === 'string') return readySpec(readySchema.parse({ path: ready }))
  return {
    ...(ready.check !== 'http' && { check: ready.check }),
    path: ready.path,
    intervalMs: ready.interval,
    timeoutMs: ready.timeout,
    up: ready.up,
    down: ready.down,
    startupMs: ready.startup,
  }
}

/** What ends within the first seconds never worked; later, the watch after the rollout sees it. */
const ALIVE_MS = 5_000

function readyWorker(ready: ReadyFile | string): ReadySpec {
  const aliveMs = (typeof ready !== 'string' && ready.alive) || ALIVE_MS
  return { ...readySpec(ready), aliveMs }
}

function limitSpec(limits: LimitsFile): LimitSpec {
  const perAddress = limits['connections-per-address']
  const released = limits['release-rate']
  return {
    headBytes: limits.head,
    bodyBytes: limits.body,
    headMs: limits['head-timeout'],
    keepAliveMs: limits['keep-alive'],
    idleMs: limits.idle,
    connectMs: limits.connect,
    answerMs: limits.answer,
    holdMs: limits.hold,
    holdRequests: limits.held,
    fields: limits.fields,
    ...(limits['min-rate'] !== undefined && { bytesPerSecond: limits['min-rate'] }),
    ...(perAddress !== undefined && { connectionsPerAddress: perAddress }),
    ...(limits.rate && { rate: limits.rate }),
    retries: limits.retries,
    ...(released !== undefined && { releasedPerSecond: released }),
  }
}

/** How a release takes over, in core’s words. */
export function rolloutSpec(rollout: RolloutFile): RolloutSpec {
  const common = {
    gate: { errors: rollout.errors / ALL, minRequests: rollout['min-requests'] },
    bakeMs: rollout.bake,
    ...(rollout.gates.length > 0 && { gates: rollout.gates }),
    ...(rollout.judge && { judge: judgeSpec(rollout.judge) }),
    ...(rollout.warm > 0 && { warmMs: rollout.warm }),
    ...(rollout.preview && { preview: rollout.preview }),
  }
  switch (rollout.strategy) {
    case 'rolling':
      return { ...common, strategy: 'rolling', batch: rollout.batch, surge: rollout.surge }
    case 'blue-green':
      return { ...common, strategy: 'blue-green', warmMs: rollout.warm }
    case 'canary':
      return { ...common, strategy: 'canary', steps: canarySteps(rollout) }
  }
}

function judgeSpec(judge: Exclude<JudgeFile, false>): JudgeSpec {
  const { confidence, latency, crashes, ...rest } = judge
  const alpha = Number((1 - confidence / ALL).toFixed(4))
  return {
    ...rest,
    alpha,
    ...(latency !== undefined && { latency }),
    ...(crashes === 'compared' && { crashes }),
  }
}

/** The last step to 100% is implied, so it is left out where it is written. */
function canarySteps(rollout: CanaryFile): CanaryStep[] {
  return rollout.steps
    .map((step) => (typeof step === 'number' ? { share: step } : step))
    .filter((step) => step.share < ALL)
    .map((step) => ({ share: step.share, hold: step.hold ?? rollout.hold }))
}
