import { type BodyScan, firstOf } from './body-scan.ts'
import { reject, type Rejection } from './rejection.ts'
import { isTrailerLine } from './trailer-line.ts'

type Place =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'content'
  | 'content-cr'
  | 'content-lf'
  | 'trailer'
  | 'trailer-lf'
  | 'done'

const CR = 0x0d
const LF = 0x0a
const SEMICOLON = 0x3b

/** 13 hexadecimal digits stay within the safe integers. */
const SIZE_DIGITS = 13
const EXTENSION_BYTES = 256
const TRAILER_BYTES = 8192

/** Follows a chunked body (RFC 9112 §7.1), strictly: what is not exactly well-formed is a fault. */
export class ChunkScanner implements BodyScan {
  fault: Rejection | undefined
  readonly endsByClose = false
  readonly #limit: number
  readonly #content: Buffer[] | undefined
  #place: Place = 'size'
  #size = 0
  #digits = 0
  #extension = 0
  #left = 0
  #total = 0
  #trailer = ''
  #trailerBytes = 0

  constructor(limit: number, pass: 'bytes' | 'content') {
    this.#limit = limit
    this.#content = pass === 'content' ? [] : undefined
  }

  get done(): boolean {
    return this.#place === 'done'
  }

  scan(bytes: Buffer): number {
    let at = 0
    while (at < bytes.length && this.#place !== 'done') {
      if (this.#place === 'content') {
        at = this.#skip(bytes, at)
        continue
      }
      const fault = this.#step(bytes[at] ?? 0)
      at += 1
      if (fault) {
        this.fault = fault
        return -1
      }
    }
    return at
  }

  passed(bytes: Buffer, end: number): Buffer {
    return this.#content ? Buffer.concat(this.#content.splice(0)) : firstOf(bytes, end)
  }

  #skip(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    this.#content?.push(bytes.subarray(at, end))
    if (this.#left === 0) this.#place = 'content-cr'
    return end
  }

  #step(byte: number): Rejection | undefined {
    switch (this.#place) {
      case 'size':
        return this.#inSize(byte)
      case 'extension':
        return this.#inExtension(byte)
      case 'size-lf':
        return byte === LF ? this.#afterSize() : malformed('a chunk size line')
      case 'content-cr':
        return this.#expect(byte === CR, 'content-lf')
      case 'content-lf':
        return this.#expect(byte === LF, 'size')
      case 'trailer':
        return this.#inTrailer(byte)
      case 'trailer-lf':
        return byte === LF ? this.#afterTrailer() : malformed('a trailer line')
      case 'content':
      case 'done':
        return undefined
    }
  }

  #inSize(byte: number): Rejection | undefined {
    const digit = hexOf(byte)
    if (digit >= 0) {
      this.#size = this.#size * 16 + digit
      this.#digits += 1
      return this.#digits > SIZE_DIGITS ? malformed('a chunk size') : undefined
    }
    if (this.#digits === 0) return malformed('a chunk size')
    if (byte === SEMICOLON) return this.#expect(true, 'extension')
    return this.#expect(byte === CR, 'size-lf')
  }

  #inExtension(byte: number): Rejection | undefined {
    if (byte === CR) return this.#expect(true, 'size-lf')
    this.#extension += 1
    return isText(byte) && this.#extension <= EXTENSION_BYTES
      ? undefined
      : malformed('a chunk extension')
  }

  #afterSize(): Rejection | undefined {
    this.#total += this.#size
    if (this.#total > this.#limit) return reject(413, 'the body is too large')
    this.#left = this.#size
    this.#place = this.#size === 0 ? 'trailer' : 'content'
    this.#size = 0
    this.#digits = 0
    this.#extension = 0
    return undefined
  }

  #inTrailer(byte: number): Rejection | undefined {
    if (byte === CR) return this.#expect(true, 'trailer-lf')
    this.#trailerBytes += 1
    if (!isText(byte) || this.#trailerBytes > TRAILER_BYTES) return malformed('a trailer')
    this.#trailer += String.fromCharCode(byte)
    return undefined
  }

  #afterTrailer(): Rejection | undefined {
    const line = this.#trailer
    this.#trailer = ''
    if (line === '') return this.#expect(true, 'done')
    return this.#expect(isTrailerLine(line), 'trailer')
  }

  #expect(met: boolean, next: Place): Rejection | undefined {
    if (!met) return malformed('a line')
    this.#place = next
    return undefined
  }
}

function malformed(what: string): Rejection {
  return reject(400, `${what} of the chunked body is malformed`)
}

function hexOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Visible, space, tab, or beyond ASCII. */
function isText(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f) || byte === 0x09
}
