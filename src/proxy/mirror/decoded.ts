import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/** A small body may carry a very large one. */
const MOST = 16 * 1024 * 1024

/**
 * The body without its content coding, because two releases may compress the same in two ways. As it came where the
 * coding is not known, the body is not what the coding says, or it would become too large.
 */
export async function decoded(bytes: Buffer, coding: string | undefined): Promise<Buffer> {
  const decode = DECODERS[(coding ?? '').toLowerCase()]
  if (!decode || bytes.length === 0) return bytes
  try {
    return await decode(bytes, { maxOutputLength: MOST })
  } catch {
    // What cannot be decoded, or is larger than that, is compared as it came.
    return bytes
  }
}
