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
/** A size line may be this long and twice its chunk; what is more adds up to this. */
const LINE_BYTES = 16
const EXCESS_BYTES = 16_384
const TRAILER_BYTES = 8192

/**
 * Follows a chunked body (RFC 9112 §7.1), strictly: what is not exactly well-formed is a fault. Extensions of chunks mean
 * something between two neighbours only, and some read them differently: they are not passed on.
 */
export class ChunkScanner implements BodyScan {
  fault: Rejection | undefined
  trailers = ''
  readonly endsByClose = false
  readonly #limit: number
  readonly #wanted: 'bytes' | 'content'
  /** What of the bytes just scanned is passed on, when that is not all of them. */
  readonly #pieces: Buffer[] = []
  #place: Place = 'size'
  #size = 0
  #digits = 0
  #extension = 0
  #excess = 0
  /** Where the bytes begin that are passed on and no piece yet; -1 in an extension. */
  #from = 0
  #left = 0
  #total = 0
  #trailer = ''
  #trailerBytes = 0

  constructor(limit: number, pass: 'bytes' | 'content') {
    this.#limit = limit
    this.#wanted = pass
  }

  get done(): boolean {
    return this.#place === 'done'
  }

  scan(bytes: Buffer): number {
    let at = 0
    this.#from = this.#place === 'extension' ? -1 : 0
    while (at < bytes.length && this.#place !== 'done') {
      if (this.#place === 'content') {
        at = this.#skip(bytes, at)
        continue
      }
      const byte = bytes[at] ?? 0
      this.#cut(bytes, at, byte)
      this.fault = this.#step(byte)
      if (this.fault) return -1
      at += 1
    }
    return at
  }

  passed(bytes: Buffer, end: number): Buffer {
    if (this.#wanted === 'content') return Buffer.concat(this.#pieces.splice(0))
    if (this.#from === 0) return firstOf(bytes, end)
    if (this.#from > 0) this.#pieces.push(bytes.subarray(this.#from, end))
    return Buffer.concat(this.#pieces.splice(0))
  }

  /** Leaves an extension out of what is passed on. */
  #cut(bytes: Buffer, at: number, byte: number): void {
    if (this.#place === 'size' && byte === SEMICOLON) {
      if (this.#wanted === 'bytes') this.#pieces.push(bytes.subarray(this.#from, at))
      this.#from = -1
    } else if (this.#place === 'extension' && byte === CR) this.#from = at
  }

  #skip(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    if (this.#wanted === 'content') this.#pieces.push(bytes.subarray(at, end))
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
        return byte === LF ? this.#afterTrailer() : malformedTrailer()
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
    const over = this.#digits + this.#extension - LINE_BYTES - 2 * this.#size
    this.#excess = Math.max(0, this.#excess + over)
    if (this.#excess > EXCESS_BYTES) return malformed('the share of the extensions')
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
    if (!isText(byte) || this.#trailerBytes > TRAILER_BYTES) return malformedTrailer()
    this.#trailer += String.fromCharCode(byte)
    return undefined
  }

  #afterTrailer(): Rejection | undefined {
    const line = this.#trailer
    this.#trailer = ''
    if (line === '') return this.#expect(true, 'done')
    this.#place = 'trailer'
    if (!isTrailerLine(line)) return malformedTrailer()
    if (this.#wanted === 'content') this.trailers += `${line}\r\n`
    return undefined
  }

  #expect(met: boolean, next: Place): Rejection | undefined {
    if (!met) return malformed('a line')
    this.#place = next
    return undefined
  }
}

function malformed(what: string): Rejection {
  return reject(400, `${what} of the chunked body is malformed`, 'chunk')
}

function malformedTrailer(): Rejection {
  return reject(400, 'the trailer of the chunked body is malformed', 'trailer')
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
