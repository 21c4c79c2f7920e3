import type { InstanceStatus, Status } from '../api/contract.ts'
import type { Pin } from '../core/pin.ts'
import type { CertificateFault } from '../core/traffic.ts'
import { groupState } from './group-text.ts'
import { opinionText } from './opinion-text.ts'
import { paint } from './paint.ts'
import { table } from './table.ts'
import { bytes, duration, heldLine, ledgerLine, share, stateOf } from './words.ts'

const HEADINGS = ['instance', 'pid', 'port', 'state', 'running', 'up for', 'cpu', 'memory', '']

/** A service's status as a person reads it. */
export function statusText(status: Status, nowMs: number): string {
  const { service, listen, live, warm, rollout, group } = status
  const shares = Object.entries(status.weights).map(
    ([release, each]) => `${release} ${share(each)}`,
  )
  const title = listen
    ? `${service} on ${listen.host}:${listen.port}: ${shares.join(', ') || 'no traffic yet'}`
    : `${service}, a worker`
  const lines = [
    paint('bold', title),
    `live ${live ?? '-'}${warm ? `, ${warmText(warm, status, nowMs)}` : ''}${status.holding > 0 ? `, ${status.holding} requests waiting` : ''}`,
    ...(status.held ? [heldLine(status.held)] : []),
    table(
      HEADINGS,
      status.instances.map((each) => row(each, { nowMs, isWorker: !listen })),
    ),
  ]
  lines.push(...doubtLines(status, nowMs))
  if (group) lines.push(`group ${group.name} (${group.id}): ${groupState(group)}`)
  if (rollout)
    lines.push(
      `rollout ${rollout.id} (${rollout.kind === 'rollback' ? 'rollback' : rollout.plan.strategy} to ${rollout.plan.to}): ${stateOf(rollout)}`,
    )
  if (status.opinion) lines.push(`  judge: ${opinionText(status.opinion)}`)
  if (rollout?.ledger) lines.push(`  ${ledgerLine(rollout.ledger)}`)
  if (rollout?.state.phase === 'finished' && rollout.state.because) {
    lines.push(`  ${rollout.state.because.message}`, `  → ${rollout.state.because.hint}`)
  }
  return lines.join('\n')
}

function warmText(
  { release, untilMs }: NonNullable<Status['warm']>,
  { group }: Status,
  nowMs: number,
): string {
  if (group) return `${release} warm until its group ends`
  return `${release} warm for ${duration(Math.max(0, untilMs - nowMs))} more`
}

/** What is wrong with certificates and with rules, though instances serve; and what helps. */
export function doubtLines(status: Status, nowMs: number): readonly string[] {
  const certificates = status.certificates ?? []
  const pins = status.idlePins ?? []
  return [...certificates.flatMap((each) => certificateLines(each, nowMs)), ...pins.map(pinLine)]
}

function pinLine({ of, release }: Pin): string {
  const meanwhile = of === 'mirror' ? 'nothing is copied' : 'the shares decide'
  return paint('yellow', `${of} names ${release}, which does not serve: ${meanwhile}`)
}

function certificateLines(
  { of, reason, hint, againMs }: CertificateFault,
  nowMs: number,
): readonly string[] {
  const again =
    againMs === undefined ? '' : `; asked again in ${duration(Math.max(0, againMs - nowMs))}`
  return [paint('yellow', `certificate ${of}: ${reason}${again}`), `  → ${hint}`]
}

interface Around {
  readonly nowMs: number
  readonly isWorker: boolean
}

function row(each: InstanceStatus, { nowMs, isWorker }: Around): string[] {
  return [
    each.id,
    each.state.kind === 'running' ? String(each.state.pid) : '-',
    'path' in each.address ? each.address.path : String(each.address.port),
    each.route === 'none' && isWorker ? each.state.kind : stateOfInstance(each),
    `${each.requests}+${each.upgrades}ws`,
    duration(nowMs - each.startedAtMs),
    each.usage ? duration(each.usage.cpuMs) : '-',
    each.usage ? bytes(each.usage.memoryBytes) : '-',
    whyNot(each, nowMs),
  ]
}

function stateOfInstance({ state, route, health, ejected }: InstanceStatus): string {
  if (state.kind === 'ended') return 'ended'
  if (route === 'draining') return 'draining'
  return ejected && health === 'up' ? 'ejected' : health
}

/** Why it gets no traffic. */
function whyNot({ health, reason = '', ejected }: InstanceStatus, nowMs: number): string {
  if (health !== 'up') return reason
  if (!ejected) return ''
  return `${ejected.reason}; back in ${duration(Math.max(0, ejected.untilMs - nowMs))}`
}
