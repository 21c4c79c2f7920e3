import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Spread, spreadOf } from '../sample.ts'
import type { Stage } from '../stage.ts'

export interface H2loadPlan {
  readonly url: string
  readonly seconds: number
  /** All clients together; unset: as many as the other side can take. */
  readonly perSecond?: number
}

export interface H2loadOutcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
  /** Only at a rate. */
  readonly latency?: Spread
}

const CLIENTS = 8
const STREAMS = 8

/** Requests over HTTP/2: with ALPN for an `https` URL, with prior knowledge for an `http` one. */
export async function h2load(stage: Stage, plan: H2loadPlan): Promise<H2loadOutcome> {
  const { url, seconds, perSecond } = plan
  const log = join(stage.folder, 'h2load.log')
  await rm(log, { force: true })
  const words = ['-t1', `-c${CLIENTS}`, `-m${STREAMS}`, `-D${seconds}`]
  // To write each request down costs the load's core: only where the latency is asked for.
  if (perSecond !== undefined)
    words.push(`--rps=${Math.max(1, perSecond / CLIENTS)}`, `--log-file=${log}`)
  const output = await stage.run('h2load', [...words, url])
  const counts = /(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored/.exec(output)
  if (!counts) throw new Error(`h2load told no result: ${output.slice(0, 300)}`)
  const [, done, succeeded] = counts.map(Number)
  return {
    done: done ?? 0,
    failed: (done ?? 0) - (succeeded ?? 0),
    seconds,
    ...(perSecond !== undefined && { latency: spreadOf(await latenciesIn(log)) }),
  }
}

/** A line a request: when it began, its status, and how long it took in microseconds, with tabs between. */
async function latenciesIn(log: string): Promise<number[]> {
  const lines = (await readFile(log, 'latin1')).trimEnd().split('\n')
  return lines.map((line) => Number(line.split('\t')[2]) / 1_000)
}
