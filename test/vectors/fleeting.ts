/** These reads as a connection hands them out: all in one buffer, each good only until the next. */
export function* fleeting(reads: readonly Buffer[]): Generator<Buffer> {
  const largest = Math.max(0, ...reads.map((read) => read.length))
  const buffer = Buffer.alloc(largest)
  for (const read of reads) {
    read.copy(buffer)
    yield buffer.subarray(0, read.length)
    buffer.fill('X')
  }
}
