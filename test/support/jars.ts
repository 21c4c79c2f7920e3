import { connect } from 'node:net'

/** A browser as far as cookies matter: it sends the last one it was given. */
export interface Jar {
  cookie?: string
}

/** What a jar was answered. */
export interface Visit {
  readonly status: number
  readonly head: string
  /** The body; instances answer with their name. */
  readonly by: string
  /** The cookie that came with it. */
  readonly cookie: string | undefined
}

export const jars = (count: number): Jar[] => Array.from({ length: count }, () => ({}))

/** Sends one request for each jar over one connection, and keeps the cookies. Answers must have a Content-Length. */
export async function visits(
  port: number,
  all: readonly Jar[],
  lines: readonly string[] = [],
  path = '/',
): Promise<Visit[]> {
  const requests = all.map(({ cookie }) =>
    [
      `GET ${path} HTTP/1.1`,
      'Host: shop',
      ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
      ...lines,
      '\r\n',
    ].join('\r\n'),
  )
  const answers = await answersTo(port, requests)
  for (const [at, { cookie }] of answers.entries()) if (cookie) all[at]!.cookie = cookie
  return answers
}

function answersTo(port: number, requests: readonly string[]): Promise<Visit[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const answers: Visit[] = []
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      for (let taken = take(text); taken; taken = take(text)) {
        answers.push(taken.visit)
        text = taken.rest
      }
      if (answers.length < requests.length) return
      socket.destroy()
      resolve(answers)
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`closed after ${answers.length} answers: ${text}`)))
    socket.write(requests.join(''), 'latin1')
  })
}

function take(text: string): { visit: Visit; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end + 2)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? NaN)
  const body = text.slice(end + 4, end + 4 + length)
  if (body.length < length) return undefined
  const cookie = /set-cookie: ([^;\r]+)/i.exec(head)?.[1]
  const visit = { status: Number(head.slice(9, 12)), head, by: body, cookie }
  return { visit, rest: text.slice(end + 4 + length) }
}
