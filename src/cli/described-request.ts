import { isIP } from 'node:net'
import type { DescribedRequest } from '../core/explanation.ts'
import { Problem } from '../core/problem.ts'

export interface Description {
  /** `GET /path`; the method may be left out. */
  readonly explain: string
  readonly header: readonly string[]
  readonly client: string
}

/** Throws `request-unreadable`: there is a part of a request, and no request. */
export function refusePart(part: string): never {
  throw new Problem('request-unreadable', {
    message: `${part} describes a request, and none is asked about`,
    hint: "Say which: midflight traffic --explain 'GET /cart'",
  })
}

/** What a person asks about, in the words of a shell. Throws `request-unreadable`. */
export function describedRequest({ explain, header, client }: Description): DescribedRequest {
  const [, method = 'GET', path] = /^\s*(?:([A-Za-z]+)\s+)?(\/\S*)\s*$/.exec(explain) ?? []
  if (path === undefined)
    throw unreadable(
      `"${explain}"`,
      "Write a method and a path: midflight traffic --explain 'GET /cart'",
    )
  if (isIP(client) === 0)
    throw unreadable(`"${client}"`, 'Write the address of a client: --client 203.0.113.7')
  return { method: method.toUpperCase(), path, headers: header.map(fieldIn), client }
}

function fieldIn(line: string): [string, string] {
  const colon = line.indexOf(':')
  // It is not repeated: it may be a credential.
  if (colon < 1)
    throw unreadable('a header without a colon', "Write it as it is sent: -H 'Cookie: session=1'")
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
}

function unreadable(what: string, hint: string): Problem {
  return new Problem('request-unreadable', { message: `${what} cannot be read`, hint })
}
