import { cookiesIn } from './cookies-in.ts'
import { fieldIn } from './field-in.ts'
import type { Read } from './views.ts'

/** The value of a field. Host stands apart from the other lines. */
export function readHeader(name: string): Read {
  const lower = name.toLowerCase()
  if (lower === 'host') return (request) => request.host
  return (request) => fieldIn(request.fields, lower)
}

/** The value of a cookie; of the first, where a client has several of one name. */
export function readCookie(name: string): Read {
  return (request) => cookiesIn(request.fields, name)[0]
}

/** The value of a parameter in the query, decoded; of the first, where there are several of one name. */
export function readQuery(name: string): Read {
  return ({ target }) => {
    const mark = target.indexOf('?')
    if (mark < 0) return undefined
    return new URLSearchParams(target.slice(mark)).get(name) ?? undefined
  }
}

/** The target without its query, as the client wrote it: what the instance will see. */
export const readPath: Read = ({ target }) => {
  const mark = target.indexOf('?')
  return mark < 0 ? target : target.slice(0, mark)
}

export const readMethod: Read = (request) => request.method

export const readAddress: Read = (_request, sender) => sender.address
