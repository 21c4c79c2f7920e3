import { afterEach, expect, it } from 'vitest'
import { enteredPlane } from '../../../test/support/entered-plane.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function entered() {
  const app = await rawInstance((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  open.push(() => app.close())
  const proxy = await enteredPlane(app.port)
  open.push(() => proxy.close())
  return proxy
}

it('a limit by address counts the address that the PROXY protocol tells', async () => {
  const proxy = await entered()
  proxy.enter({ proxyProtocol: true }, { connectionsPerAddress: 1 })
  const statusOf = async (address: string) => {
    const client = await rawClient(proxy.port)
    open.push(() => client.destroy())
    client.send(`PROXY TCP4 ${address} 198.51.100.1 5000 80\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`)
    return (await client.until(/\r\n\r\n/)).slice(9, 12)
  }
  expect(await statusOf('203.0.113.1')).toBe('200')
  expect(await statusOf('203.0.113.2')).toBe('200')
  expect(await statusOf('203.0.113.1')).toBe('429')
})

it.each([
  { who: 'the client that a trusted proxy names', trusted: ['127.0.0.1'], second: 200 },
  { who: 'the peer itself where nobody is trusted', trusted: [], second: 429 },
])('a rate by address counts $who', async ({ trusted, second }) => {
  const proxy = await entered()
  proxy.enter({ trusted }, { rate: { perSecond: 1, burst: 1, by: { kind: 'address' } } })
  const statusOf = async (address: string) => {
    const headers = { 'X-Forwarded-For': address }
    return (await fetch(`http://127.0.0.1:${proxy.port}/`, { headers })).status
  }
  expect(await statusOf('203.0.113.1')).toBe(200)
  expect(await statusOf('203.0.113.2')).toBe(second)
  expect(await statusOf('203.0.113.1')).toBe(429)
})
