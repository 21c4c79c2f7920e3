import { newFieldLine, readFieldLine, valueOf } from '../http1/field-line.ts'

/** What a request says of its own way here. Who says it decides what is believed. Lists are in the order of the way. */
export interface Claims {
  /** The elements of `X-Forwarded-For`. */
  readonly forwardedFor: readonly string[]
  /** What `for` says in each element of `Forwarded` (RFC 7239 §4), `unknown` where it says nothing. */
  readonly forwarded: readonly string[]
  /** The last of each, which the nearest proxy has written: `proto` in lower case. */
  readonly proto: string | undefined
  readonly host: string | undefined
  readonly port: string | undefined
  readonly via: readonly string[]
  readonly requestIds: readonly string[]
  readonly traceparents: readonly string[]
  readonly tracestate: string
  readonly maxForwards: string | undefined
}

/** Reads field lines that are known to be ones. */
export function readClaims(lines: string): Claims {
  const fields = fieldsIn(lines)
  const forwarded = elements(fields.get('forwarded'))
  return {
    forwardedFor: elements(fields.get('x-forwarded-for')),
    forwarded: forwarded.map((element) => parameter(element, 'for') ?? 'unknown'),
    proto: (
      elements(fields.get('x-forwarded-proto')).at(-1) ?? parameter(forwarded.at(-1), 'proto')
    )?.toLowerCase(),
    host: elements(fields.get('x-forwarded-host')).at(-1) ?? parameter(forwarded.at(-1), 'host'),
    port: elements(fields.get('x-forwarded-port')).at(-1),
    via: elements(fields.get('via')),
    requestIds: fields.get('x-request-id') ?? [],
    traceparents: fields.get('traceparent') ?? [],
    tracestate: (fields.get('tracestate') ?? []).join(','),
    maxForwards: fields.get('max-forwards')?.[0],
  }
}

function fieldsIn(lines: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  const line = newFieldLine()
  for (let at = 0; at < lines.length && at >= 0;) {
    at = readFieldLine(lines, at, line)
    const values = fields.get(line.name)
    if (values) values.push(valueOf(lines, line))
    else fields.set(line.name, [valueOf(lines, line)])
  }
  return fields
}

/** The elements of a list (RFC 9110 §5.6.1); none of these has a comma within quotes that matters here. */
function elements(values: readonly string[] = []): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((element) => element.trim())
    .filter((element) => element !== '')
}

/** `for=192.0.2.60`, `For="[2001:db8::1]:4711"`. */
function parameter(element: string | undefined, name: string): string | undefined {
  for (const pair of element?.split(';') ?? []) {
    const [key = '', value = ''] = pair.split('=')
    if (key.trim().toLowerCase() === name) return value.trim().replaceAll('"', '')
  }
  return undefined
}
