import { ChunkScanner } from '../http1/chunk-scanner.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { fieldIn } from '../routing/field-in.ts'
import type { Attempt } from '../plane/attempt.ts'
import type { ClientSide } from '../plane/client-side.ts'
import { EventEnds } from './event-ends.ts'
import type { Stayer, Stayers } from './stayers.ts'

/** Where an event stream goes. */
export interface StreamWays {
  toClient(bytes: Buffer): void
  /** It has ended well before the instance ended it. */
  ended(): void
}

interface Surroundings {
  readonly ways: StreamWays
  readonly stayers: Stayers
}

const IS_STREAM = /^content-type:[ \t]*text\/event-stream/im
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/**
 * An answer of events without an end of its own, so that it can be given one between two events: the client comes back
 * with the id of the last one. Chunks are made anew, because an event need not end with its chunk. What is compressed
 * cannot be looked into, and ends between any two chunks.
 */
export class EventStream implements Stayer {
  readonly #ways: StreamWays
  readonly #stayers: Stayers
  readonly #chunks: ChunkScanner | undefined
  readonly #events: EventEnds | undefined
  #state: 'open' | 'leaving' | 'over' = 'open'

  constructor(head: ResponseHead, framing: 'chunks' | 'plain', { ways, stayers }: Surroundings) {
    this.#ways = ways
    this.#stayers = stayers
    stayers.add(this)
    if (framing === 'chunks') this.#chunks = new ChunkScanner(Number.MAX_SAFE_INTEGER, 'content')
    const coding = fieldIn(head.fields, 'content-encoding') ?? 'identity'
    if (coding.toLowerCase() === 'identity') this.#events = new EventEnds()
  }

  /** What of these bytes, as they came, goes with the head. */
  first(bytes: Buffer): Buffer {
    const content = this.#contentOf(bytes)
    this.#events?.follow(content)
    return this.#framed(content)
  }

  pass(bytes: Buffer): void {
    if (this.#state === 'over') return
    const content = this.#contentOf(bytes)
    const end = this.#state === 'leaving' ? (this.#events?.endIn(content) ?? content.length) : -1
    if (end < 0) this.#events?.follow(content)
    const framed = this.#framed(end < 0 ? content : content.subarray(0, end))
    if (framed.length > 0) this.#ways.toClient(framed)
    if (end >= 0) this.#end()
  }

  /** It is over, however it ended. */
  stop(): void {
    this.#state = 'over'
    this.#stayers.delete(this)
  }

  leave(): void {
    if (this.#state !== 'open') return
    this.#state = 'leaving'
    if (this.#events?.between ?? true) this.#end()
  }

  #end(): void {
    this.#state = 'over'
    if (this.#chunks?.done === false) this.#ways.toClient(LAST_CHUNK)
    this.#ways.ended()
  }

  #contentOf(bytes: Buffer): Buffer {
    if (!this.#chunks) return bytes
    return this.#chunks.passed(bytes, this.#chunks.scan(bytes))
  }

  #framed(content: Buffer): Buffer {
    if (!this.#chunks) return content
    const size = Buffer.from(`${content.length.toString(16)}\r\n`, 'latin1')
    const chunk = content.length > 0 ? [size, content, Buffer.from('\r\n')] : []
    return Buffer.concat(this.#chunks.done ? [...chunk, LAST_CHUNK] : chunk)
  }
}

/** The two sides of an answer. */
type Client = Pick<ClientSide, 'pass' | 'keepAlive'>
type Source = Pick<Attempt, 'keepAlive' | 'pool'>

/** The stream of events that this answer is, from now on one that stays with its instance; nothing for all others. */
export function streamOf(
  head: ResponseHead,
  client: Client,
  source: Source,
  ways: StreamWays,
): EventStream | undefined {
  const { kind } = head.framing
  if ((kind !== 'chunked' && kind !== 'until-close') || !IS_STREAM.test(head.fields))
    return undefined
  const framing = kind === 'chunked' && client.pass === 'bytes' ? 'chunks' : 'plain'
  const stream = new EventStream(head, framing, { ways, stayers: source.pool.stayers })
  source.keepAlive()
  client.keepAlive?.()
  return stream
}
