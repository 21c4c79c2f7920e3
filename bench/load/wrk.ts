import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Spread } from '../sample.ts'
import type { Stage } from '../stage.ts'

export interface WrkPlan {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  /** So many bytes as the body of a POST. */
  readonly post?: number
  readonly connection: 'kept' | 'fresh'
  /** Unset: each answer begins the next request. */
  readonly pace?: Pace
}

/** Requests at a constant rate, in one's own turns among others. */
export interface Pace {
  readonly perSecond: number
  readonly turn: number
  /** So many take turns. */
  readonly of: number
  /** How long a turn is. */
  readonly ms: number
}

export interface WrkOutcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
  /** From when a request was sent, on a connection that was open already, to its answer's last byte. */
  readonly latency: Spread
}

export interface WrkRun {
  readonly child: ChildProcess
  /** Rejects when wrk ends with anything but a result. */
  readonly outcome: Promise<WrkOutcome>
}

const SCRIPT = fileURLToPath(new URL('./wrk.lua', import.meta.url))

/** As many requests as the other side can take, or so many as said, over so many connections, from one thread. */
export async function wrk(stage: Stage, plan: WrkPlan): Promise<WrkOutcome> {
  const { outcome } = await startWrk(stage, plan)
  return outcome
}

/** Resolves when it runs. It may be stopped and continued for up to 100 s, and is over when its time is. */
export async function startWrk(stage: Stage, plan: WrkPlan): Promise<WrkRun> {
  const { url, seconds, connections } = plan
  const words = `-t1 -c${connections} -d${seconds}s --timeout 100s -s ${SCRIPT} ${url} --`
  const child = await stage.start('wrk', [...words.split(' '), ...scriptWords(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, outcome: outcomeOf(child) }
}

function scriptWords({ post, connection, pace }: WrkPlan): readonly string[] {
  return [
    ...(post === undefined ? [] : [`post=${post}`]),
    ...(connection === 'fresh' ? ['fresh=yes'] : []),
    ...(pace
      ? [`rate=${pace.perSecond}`, `turn=${pace.turn}`, `of=${pace.of}`, `ms=${pace.ms}`]
      : []),
  ]
}

async function outcomeOf(child: ChildProcess): Promise<WrkOutcome> {
  const ended = once(child, 'exit')
  const output = child.stdout ? await text(child.stdout) : ''
  await ended
  const result = /^RESULT (.*)$/m.exec(output)?.[1]
  if (result === undefined) throw new Error(`wrk told no result: ${output.slice(0, 300)}`)
  const { done, failed, micros, ...latency } = JSON.parse(result) as Record<
    'done' | 'failed' | 'micros' | keyof Spread,
    number
  >
  const ms = (micro: number) => micro / 1_000
  const { p50, p99, p999 } = latency
  const spread = { p50: ms(p50), p99: ms(p99), p999: ms(p999) }
  return { done, failed, seconds: micros / 1_000_000, latency: spread }
}
