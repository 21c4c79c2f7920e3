import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enteredPlane, TLS, type EnteredPlane } from '../../../test/support/entered-plane.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'

let instance: RawInstance
let plane: EnteredPlane
beforeAll(async () => {
  instance = await rawInstance((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  )
})
afterAll(() => instance.close())
beforeEach(async () => {
  plane = await enteredPlane(instance.port)
})
afterEach(() => plane.close())

describe('without an entrance', () => {
  it('a trusted peer tells who asks', async () => {
    plane.enter({ trusted: ['127.0.0.0/8'] })
    const client = await rawClient(plane.port)
    client.send(
      GET.replace(
        '\r\n\r\n',
        '\r\nX-Forwarded-For: 192.0.2.77\r\nX-Forwarded-Proto: https\r\n\r\n',
      ),
    )
    await client.until(/ok$/)
    expect(instance.received()).toContain(
      'X-Forwarded-For: 192.0.2.77, 127.0.0.1\r\nX-Forwarded-Proto: https\r\n',
    )
    client.destroy()
  })

  it('a request that has been here again and again is answered 508', async () => {
    plane.enter({})
    const via = Array.from({ length: 5 }, () => '1.1 midflight').join(', ')
    const client = await rawClient(plane.port)
    client.send(GET.replace('\r\n\r\n', `\r\nVia: ${via}\r\nX-Request-Id: mine\r\n\r\n`))
    expect(await client.until(/before\n$/)).toMatch(/^HTTP\/1.1 508 [^]*X-Request-Id: mine\r\n/)
    expect(plane.tally().rejections).toMatchObject({ loop: 1 })
  })

  it('OPTIONS and TRACE that may go no further are answered here', async () => {
    plane.enter({})
    const client = await rawClient(plane.port)
    client.send('OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n')
    expect(await client.until(/proxy\n$/)).toMatch(/^HTTP\/1.1 200 OK[^]*Allow: /)
    client.send('TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n')
    await client.until(/HTTP\/1.1 501 /)
    client.destroy()
  })
})

describe('the side door', () => {
  it('sends everybody to HTTPS, whatever they asked for', async () => {
    plane.enter({ tls: TLS })
    const client = await rawClient(plane.redirectPort)
    client.send('POST /a?b=c HTTP/1.1\r\nHost: shop.example:80\r\nContent-Length: 0\r\n\r\n')
    const location = `Location: https://shop.example:${plane.port}/a?b=c\r\n`
    expect(await client.until(/\r\n\r\n$/)).toMatch(/^HTTP\/1.1 308 /)
    expect(client.text()).toContain(location)
    expect(client.text()).not.toContain('Strict-Transport')
    expect(await client.over()).toBe('end')
  })

  it('answers what the authority asks for', async () => {
    plane.enter({ tls: TLS })
    plane.show([], [{ kind: 'http-01', token: 'abc', content: 'abc.def' }])
    const client = await rawClient(plane.redirectPort)
    client.send('GET /.well-known/acme-challenge/abc HTTP/1.1\r\nHost: shop.example\r\n\r\n')
    expect(await client.until(/abc\.def$/)).toMatch(/^HTTP\/1.1 200 OK/)
  })

  it('is as strict as the front door', async () => {
    plane.enter({ tls: TLS })
    const client = await rawClient(plane.redirectPort)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
    await client.until(/^HTTP\/1.1 400 /)
    expect(plane.tally().rejected).toBe(1)
  })
})
