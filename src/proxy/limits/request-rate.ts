import type { StickyKey } from '../../core/rule.ts'
import type { RateSpec } from '../../core/service.ts'
import { readCookie, readHeader } from '../routing/read-request.ts'
import type { Read, RequestView, SenderView } from '../routing/views.ts'
import { networkOf } from './network-of.ts'
import { RateTable } from './rate-table.ts'

/** How many requests each client may make. This worker's own count: what it does not carry it does not see. */
export class RequestRate {
  readonly #table: RateTable
  readonly #read: Read

  constructor({ perSecond, burst, by }: RateSpec) {
    this.#table = new RateTable(perSecond, burst)
    this.#read = readerOf(by)
  }

  /** Whoever has no key is counted by address, or leaving the key out would be the way around the limit. */
  allows(request: RequestView, sender: SenderView): boolean {
    const key = this.#read(request, sender) ?? `@${networkOf(sender.address)}`
    return this.#table.allows(key, performance.now())
  }
}

function readerOf(by: StickyKey): Read {
  switch (by.kind) {
    case 'header':
      return readHeader(by.name)
    case 'application-cookie':
      return readCookie(by.name)
    case 'address':
    case 'cookie':
      return () => undefined
  }
}
