/**
 * The first of two GOAWAY frames (RFC 9113 §6.8): "no more streams soon, all that are on their way will be served", with
 * the last id 2^31-1. Node's `goaway` cannot send it: after any GOAWAY of its own it ignores new streams.
 */
export const GOAWAY_NOTICE: Buffer = Buffer.from('0000080700000000007fffffff00000000', 'hex')
