import type { BodyScan } from './body-scan.ts'

/** A body that ends with its connection. Only an answer may have one. */
export class UntilClose implements BodyScan {
  readonly done = false
  readonly fault = undefined
  readonly endsByClose = true

  scan(bytes: Buffer): number {
    return bytes.length
  }

  passed(bytes: Buffer): Buffer {
    return bytes
  }
}
