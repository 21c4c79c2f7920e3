type Node = [Node | string | undefined, Node | string | undefined]

/**
 * The bytes of a MaxMind file (MaxMind DB format 2.0) that knows these IPv4 ranges, `{ '192.0.2.0/24': 'DE' }`. The
 * real files may not be passed on.
 */
export function countryFile(ranges: Readonly<Record<string, string>>): Buffer {
  const root: Node = [undefined, undefined]
  for (const [range, country] of Object.entries(ranges)) plant(root, range, country)
  const nodes = [...walk(root)]
  const offsets = new Map<string, number>()
  const data: Buffer[] = []
  let length = 0
  for (const country of new Set(Object.values(ranges))) {
    offsets.set(country, length)
    const bytes = map({ country: map({ iso_code: text(country) }) })
    data.push(bytes)
    length += bytes.length
  }
  const record = (side: Node | string | undefined): Buffer => {
    const value =
      side === undefined
        ? nodes.length
        : typeof side === 'string'
          ? nodes.length + 16 + offsets.get(side)!
          : nodes.indexOf(side)
    return Buffer.from([value >> 16, (value >> 8) & 255, value & 255])
  }
  const tree = nodes.flatMap(([left, right]) => [record(left), record(right)])
  const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')
  return Buffer.concat([...tree, Buffer.alloc(16), ...data, marker, metadata(nodes.length)])
}

function plant(root: Node, range: string, country: string): void {
  const [address = '', prefix] = range.split('/')
  const bits = address
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('')
    .slice(0, Number(prefix))
  let node = root
  for (const bit of bits.slice(0, -1)) {
    const side = bit === '1' ? 1 : 0
    const next = node[side]
    if (Array.isArray(next)) node = next
    else node = node[side] = [undefined, undefined]
  }
  node[bits.endsWith('1') ? 1 : 0] = country
}

function* walk(node: Node): Generator<Node> {
  yield node
  for (const side of node) if (Array.isArray(side)) yield* walk(side)
}

const text = (value: string) =>
  Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)])

const map = (entries: Readonly<Record<string, Buffer>>) =>
  Buffer.concat([
    Buffer.from([(7 << 5) | Object.keys(entries).length]),
    ...Object.entries(entries).flatMap(([key, value]) => [longText(key), value]),
  ])

const longText = (value: string) =>
  value.length < 29
    ? text(value)
    : Buffer.concat([Buffer.from([(2 << 5) | 29, value.length - 29]), Buffer.from(value)])

const uint16 = (value: number) => Buffer.from([(5 << 5) | 2, value >> 8, value & 255])
const uint32 = (value: number) =>
  Buffer.from([(6 << 5) | 4, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255])

function metadata(nodeCount: number): Buffer {
  return map({
    node_count: uint32(nodeCount),
    record_size: uint16(24),
    ip_version: uint16(4),
    database_type: text('Test-Country'),
    binary_format_major_version: uint16(2),
    binary_format_minor_version: uint16(0),
    build_epoch: Buffer.from([1, 2, 1]),
    languages: Buffer.from([0, 4]),
    description: map({}),
  })
}
