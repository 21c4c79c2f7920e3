/** `bytes` as one chunk of a chunked body (RFC 9112 §7.1). */
export function chunkOf(bytes: Buffer): Buffer {
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`, 'latin1')
  return Buffer.concat([size, bytes, CRLF])
}

/** The end of a chunked body, with these trailer lines. */
export function lastChunk(trailers: string): Buffer {
  return Buffer.from(`0\r\n${trailers}\r\n`, 'latin1')
}

const CRLF = Buffer.from('\r\n', 'latin1')
