import type { Sender } from '../http1/forward-head.ts'
import type { RequestHead } from '../http1/request-head.ts'

/** What routing looks at of a request. `fields` are its lines as they came, read only where something asks for one. */
export type RequestView = Pick<RequestHead, 'method' | 'target' | 'host' | 'fields'>

/** What routing looks at of who asks. */
export type SenderView = Pick<Sender, 'address' | 'secure'>

/** Reads one value of a request; `undefined` where it has none. */
export type Read = (request: RequestView, sender: SenderView) => string | undefined
