import { ChunkScanner } from './chunk-scanner.ts'
import { LengthCounter } from './length-counter.ts'
import { UntilClose } from './until-close.ts'
import type { BodyScan } from './body-scan.ts'

/** How a message says where its body ends (RFC 9112 §6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }

export interface ScanSettings {
  /** Largest body, in bytes, without its framing. */
  readonly limit: number
  /** What is passed on: the bytes as they came, or what they carry. */
  readonly pass: 'bytes' | 'content'
}

/** What finds the end of such a body; `undefined` when there is no body to come. */
export function scanOf(framing: Framing, settings: ScanSettings): BodyScan | undefined {
  switch (framing.kind) {
    case 'none':
      return undefined
    case 'length':
      return framing.length === 0 ? undefined : new LengthCounter(framing.length)
    case 'chunked':
      return new ChunkScanner(settings.limit, settings.pass)
    case 'until-close':
      return new UntilClose()
  }
}
