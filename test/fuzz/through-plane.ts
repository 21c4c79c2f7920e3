import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { methods } from 'http-parser-js'
import { LIMITS, planeUnderTest } from '../support/plane-under-test.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'
import type { Message, Reading } from './reading.ts'
import { recordingInstance } from './recording-instance.ts'
import { ourRequests } from './our-reading.ts'

/** A real data plane with a recording instance behind it. */
export interface ThroughPlane {
  /** Sends what a client sends; resolves with what is wrong, if anything, with what the instance saw. */
  check(reads: readonly Buffer[]): Promise<string | undefined>
  close(): Promise<void>
}

const LATE_MS = 10_000
const LATE = Symbol('late')

/** The methods that the recording instance understands. */
const METHODS = new Set<string>(methods)

export async function throughPlane(): Promise<ThroughPlane> {
  const proxy = await planeUnderTest()
  const instance = await recordingInstance()
  proxy.to([instance.port], { ...LIMITS, bodyBytes: 1e9 })
  return {
    check: async (reads) => {
      const ours = ourRequests([Buffer.concat(reads)])
      const understood = ours.messages.every(({ start }) => METHODS.has(start.split(' ')[0] ?? ''))
      if (answersTo(ours) === 0 || !understood) return undefined
      const client = await rawClient(proxy.port)
      for (const read of reads) client.socket.write(read)
      const late = await Promise.race([answered(client, answersTo(ours)), lateness()])
      client.socket.resetAndDestroy()
      const seen = instance.take()
      return late === LATE
        ? `${answersTo(ours)} answers did not come, but ${JSON.stringify({ text: client.text(), seen })}`
        : fault(ours, seen)
    },
    close: async () => {
      await proxy.close()
      await instance.close()
    },
  }
}

/** How many answers the client is to get: one for each request, and the refusal. */
function answersTo(ours: Reading): number {
  return ours.messages.length + (ours.rest === 'refused' ? 1 : 0)
}

/** Resolves when that many answers have begun; 100 is none. */
function answered(client: RawClient, answers: number): Promise<string> {
  return client.until(new RegExp(`(?:HTTP/1\\.1 (?!100)\\d{3} [^]*?){${answers}}`))
}

function lateness(): Promise<typeof LATE> {
  return setTimeout(LATE_MS, LATE, { ref: false })
}

function fault(ours: Reading, seen: readonly Message[]): string | undefined {
  const wanted = ours.messages.map(({ start, body }) => ({ start, body }))
  const got = seen.map(({ start, body }) => ({ start, body }))
  return isDeepStrictEqual(wanted, got)
    ? undefined
    : `the instance saw other requests: ${JSON.stringify({ wanted, got }, undefined, 1)}`
}
