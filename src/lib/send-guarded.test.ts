import { describe, expect, it } from 'vitest'
import { answeringServer } from '../../test/support/answering-server.ts'
import { isPrivate } from './is-private.ts'
import { type Names, sendGuarded } from './send-guarded.ts'

const never = new AbortController().signal
const post = { method: 'POST', headers: {}, body: '{}', mostBytes: 1_000 } as const
const get = { method: 'GET', headers: {}, mostBytes: 1_000 } as const

it('gives the status and the body', async () => {
  const { url, asked } = await answeringServer((answer) => answer.writeHead(201).end('made'))
  expect(await sendGuarded({ ...post, url, headers: { 'x-key': 'k' } }, never)).toEqual({
    kind: 'answer',
    status: 201,
    body: 'made',
  })
  expect(asked).toMatchObject([{ method: 'POST', body: '{}', headers: { 'x-key': 'k' } }])
})

it('reaches a name at the address it looked at', async () => {
  const { port } = await answeringServer((answer) => answer.end('here'))
  const url = `http://localhost:${port}/`
  expect(await sendGuarded({ ...get, url }, never)).toMatchObject({ status: 200 })
})

it('follows a redirect from one private address to another, without the fields that were for the first', async () => {
  const second = await answeringServer((answer) => answer.end('second'))
  const first = await answeringServer((answer) =>
    answer.writeHead(307, { location: `${second.url}/there` }).end(),
  )
  const sending = { ...post, url: first.url, headers: { authorization: 'secret' } }
  expect(await sendGuarded(sending, never)).toMatchObject({ body: 'second' })
  expect(second.asked).toMatchObject([{ method: 'POST', path: '/there', body: '{}' }])
  expect(second.asked[0]?.headers).not.toHaveProperty('authorization')
})

it('keeps the fields where the origin is the same', async () => {
  const { url, asked } = await answeringServer((answer, { path }) =>
    path === '/a' ? answer.writeHead(308, { location: '/b' }).end() : answer.end(),
  )
  await sendGuarded({ ...post, url: `${url}/a`, headers: { authorization: 'secret' } }, never)
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['secret', 'secret'])
})

it('does not turn a POST into a GET', async () => {
  const { url, asked } = await answeringServer((answer) =>
    answer.writeHead(302, { location: '/' }).end(),
  )
  expect(await sendGuarded({ ...post, url }, never)).toMatchObject({ status: 302 })
  expect(asked.length).toBe(1)
})

it('gives up a chain of redirects', async () => {
  const { url } = await answeringServer((answer) => answer.writeHead(307, { location: '/' }).end())
  expect(await sendGuarded({ ...get, url }, never)).toEqual({
    kind: 'failure',
    why: 'it redirects more than 3 times',
  })
})

it.each(['file:///etc/passwd', 'ftp://127.0.0.1/'])('does not go to %s', async (location) => {
  const { url } = await answeringServer((answer) => answer.writeHead(307, { location }).end())
  expect(await sendGuarded({ ...get, url }, never)).toMatchObject({ kind: 'failure' })
})

it('reads no more of an answer than it may', async () => {
  const { url } = await answeringServer((answer) => answer.end('x'.repeat(1_001)))
  expect(await sendGuarded({ ...get, url }, never)).toEqual({
    kind: 'failure',
    why: 'its answer is longer than 1000 bytes',
  })
})

it('tells what went wrong without the URL', async () => {
  const { port } = await answeringServer((answer) => answer.destroy())
  const url = `http://user:password@127.0.0.1:${port}/path?token=secret`
  expect(await sendGuarded({ ...get, url }, never)).toEqual({
    kind: 'failure',
    why: 'it could not be asked (ECONNRESET)',
  })
})

it('ends with the signal, in the middle of an answer too', async () => {
  const over = new AbortController()
  const { url } = await answeringServer((answer) => {
    answer.writeHead(200).write('half')
    over.abort(new Error('asked to'))
  })
  await expect(sendGuarded({ ...get, url }, over.signal)).rejects.toThrow('asked to')
})

describe('asked at a public address', () => {
  /** As if 127.0.0.1 were public under this name, and every other address of this machine were not. */
  const names = (...addresses: readonly string[]): Names & { readonly looked: string[] } => {
    const looked: string[] = []
    return {
      looked,
      resolve: async (host) => {
        looked.push(host)
        return [{ address: addresses[looked.length - 1] ?? '127.0.0.1', family: 4 }]
      },
      isPrivate: (address) => address !== '127.0.0.1' && isPrivate(address),
    }
  }

  it.each(['127.0.0.2', '10.1.2.3', '[::1]', '[::ffff:7f00:2]', '0x7f.2', '169.254.169.254'])(
    'does not follow a redirect to %s',
    async (host) => {
      const { url, asked } = await answeringServer((answer) =>
        answer.writeHead(307, { location: `http://${host}/latest/meta-data` }).end(),
      )
      const received = await sendGuarded({ ...post, url }, never, names())
      expect(received).toMatchObject({
        kind: 'failure',
        why: expect.stringContaining('which is a private address') as string,
      })
      expect(asked.length).toBe(1)
    },
  )

  it('does not follow a redirect to a name that means a private address', async () => {
    const { port } = await answeringServer((answer) =>
      answer.writeHead(307, { location: `http://inside.example:${port}/` }).end(),
    )
    const known = names('127.0.0.1', '127.0.0.2')
    const received = await sendGuarded({ ...get, url: `http://ci.example:${port}/` }, never, known)
    expect(received).toEqual({
      kind: 'failure',
      why: `it redirects to inside.example:${port}, which is a private address`,
    })
    expect(known.looked).toEqual(['ci.example', 'inside.example'])
  })

  it('connects to the address it looked at, and looks once', async () => {
    const { port } = await answeringServer((answer) => answer.end('there'))
    const known = names('127.0.0.1', '10.0.0.1')
    const received = await sendGuarded({ ...get, url: `http://ci.example:${port}/` }, never, known)
    expect(received).toMatchObject({ body: 'there' })
    expect(known.looked).toEqual(['ci.example'])
  })
})
