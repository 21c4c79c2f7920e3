import { afterEach, describe, expect, it } from 'vitest'
import { type ChildApp, childApp } from '../../../test/support/child-app.ts'
import { hashingInstance } from '../../../test/support/hashing-instance.ts'
import { planeUnderTest } from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** A process that gets the next two requests, because the other instance is busy. */
async function world() {
  const good = await hashingInstance()
  open.push(() => good.kill())
  const doomed: ChildApp<never> = await childApp('halfway')
  open.push(() => doomed.kill())
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  const client = async () => {
    const made = await rawClient(proxy.port)
    open.push(() => made.destroy())
    return made
  }
  proxy.to([good.port])
  for (let count = 0; count < 3; count += 1)
    (await client()).send('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n')
  await proxy.until(({ running }) => running[0]?.requests === 3)
  proxy.to([good.port, doomed.port])
  return { good, doomed, proxy, client }
}

describe('an instance that is killed in the middle of an answer', () => {
  it.each([
    ['/length', /half$/],
    ['/chunked', /4\r\nhalf\r\n$/],
  ])('breaks off what %s has begun, and it never looks whole', async (path, begun) => {
    const { doomed, proxy, client } = await world()
    const asked = await client()
    asked.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await asked.until(begun)
    await doomed.kill()
    expect(await asked.over()).toBe('end')
    expect(asked.text()).toMatch(begun)
    expect(asked.text().match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(proxy.tally().counts['v1']).toMatchObject({ broken: 1, failed: 0, retried: 0 })
  })

  it('costs a GET nothing before the answer, and a POST its answer', async () => {
    const { good, doomed, client } = await world()
    const [get, post] = [await client(), await client()]
    const read = doomed.next()
    get.send('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n')
    await read
    const readToo = doomed.next()
    post.send('POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody')
    await readToo
    await doomed.kill()
    expect(await get.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await post.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 /)
    expect(good.seen.bytes).toBe(0)
  })

  it('is out at once: the next request finds that nobody listens, and nobody is sent there again', async () => {
    const { good, doomed, proxy } = await world()
    await doomed.kill()
    for (let count = 0; count < 20; count += 1) {
      const body = count % 2 ? { method: 'POST', body: 'x' } : {}
      const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, body)
      expect(answer.status).toBe(200)
      await answer.text()
    }
    expect(proxy.refused).toHaveLength(1)
    expect(proxy.refused[0]).toMatchObject({ health: 'down', reason: 'connection refused' })
    expect(good.whole).toHaveLength(23)
  })
})
