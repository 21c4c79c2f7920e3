import type { AccessRecord } from '../../core/access.ts'
import type { ServiceName } from '../../core/names.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { Choice } from '../plane/choice.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { Witness, WitnessedEnd } from '../witness/witness.ts'

/** Follows one request for the access log. */
export class AccessWitness implements Witness {
  readonly #service: ServiceName
  readonly #client: ClientSide
  readonly #head: RequestHead
  readonly #onEnd: (record: AccessRecord) => void
  readonly #at = new Date()
  readonly #beganAtMs = performance.now()
  #choice: Choice | undefined
  #tries = 0
  #heldAtMs: number | undefined
  #heldMs = 0
  #bytesIn = 0
  #bytesOut = 0
  #status: number | undefined
  #firstByteMs: number | undefined
  #by: AccessRecord['by'] = 'app'

  constructor(
    service: ServiceName,
    request: { readonly client: ClientSide; readonly head: RequestHead },
    onEnd: (record: AccessRecord) => void,
  ) {
    this.#service = service
    this.#client = request.client
    this.#head = request.head
    this.#onEnd = onEnd
  }

  chosen(choice: Choice | undefined): void {
    if (!choice) {
      this.#heldAtMs ??= performance.now()
      return
    }
    if (this.#heldAtMs !== undefined) this.#heldMs += performance.now() - this.#heldAtMs
    this.#heldAtMs = undefined
    this.#choice = choice
    this.#tries += 1
  }

  requestBytes(bytes: Buffer): void {
    this.#bytesIn += bytes.length
  }

  requestEnd(): void {}

  answerHead(head: ResponseHead, first: Buffer): void {
    this.#status = head.status
    this.#firstByteMs = performance.now() - this.#beganAtMs
    this.#bytesOut += first.length
  }

  answerBytes(bytes: Buffer): void {
    this.#bytesOut += bytes.length
  }

  own(status: number): void {
    this.#status = status
    this.#by = 'proxy'
  }

  over(end: WitnessedEnd): void {
    const now = performance.now()
    if (this.#heldAtMs !== undefined) this.#heldMs += now - this.#heldAtMs
    this.#onEnd({
      at: this.#at.toISOString(),
      service: this.#service,
      ...this.#whither(),
      ...this.#asked(),
      ...(this.#status !== undefined && { status: this.#status }),
      by: this.#by,
      end,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      ...(this.#firstByteMs !== undefined && { firstByteMs: tenths(this.#firstByteMs) }),
      ms: tenths(now - this.#beganAtMs),
      retries: Math.max(0, this.#tries - 1),
      heldMs: tenths(this.#heldMs),
    })
  }

  #whither(): Pick<AccessRecord, 'release' | 'instance' | 'why'> {
    if (!this.#choice) return {}
    const { pool, why } = this.#choice
    return { release: pool.release, instance: pool.running().id, why: why ?? 'weights' }
  }

  #asked(): Pick<AccessRecord, 'method' | 'path' | 'query' | 'client' | 'id' | 'protocol'> {
    const { method, target, minor, passage } = this.#head
    const [path = '', query] = target.split('?', 2)
    return {
      method,
      path,
      ...(query !== undefined && { query: namesIn(query) }),
      client: this.#client.sender.address,
      id: passage.requestId,
      protocol: this.#client.protocol ?? `HTTP/1.${minor}`,
    }
  }
}

function namesIn(query: string): string[] {
  const names = query.split('&').map((pair) => pair.split('=', 1)[0] ?? '')
  return [...new Set(names)].filter((name) => name !== '')
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}
