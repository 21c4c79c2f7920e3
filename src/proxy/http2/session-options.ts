import type { ServerSessionOptions } from 'node:http2'
import type { LimitSpec } from '../../core/service.ts'

/** Streams that a client may have open at once. */
const MOST_STREAMS = 100
const MOST_FIELDS = 128
/** Pseudo fields, and the crumbs of a cookie, come on top of the fields that are counted. */
const MORE_PAIRS = 64
/** In megabytes, of what Node keeps for one session. */
const SESSION_MEMORY = 16
const MOST_PINGS = 10

/** What a client may do to one session before Node ends it. */
export function sessionOptions(limits: LimitSpec): ServerSessionOptions {
  return {
    maxSessionMemory: SESSION_MEMORY,
    maxHeaderListPairs: (limits.fields ?? MOST_FIELDS) + MORE_PAIRS,
    maxOutstandingPings: MOST_PINGS,
    maxSessionInvalidFrames: 20,
    maxSessionRejectedStreams: MOST_STREAMS,
    maxSettings: 32,
    strictSingleValueFields: false,
    settings: {
      maxConcurrentStreams: MOST_STREAMS,
      maxHeaderListSize: limits.headBytes,
      enablePush: false,
      enableConnectProtocol: true,
    },
  }
}
