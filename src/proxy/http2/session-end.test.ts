import { describe, expect, it, onTestFinished } from 'vitest'
import { h2Instance } from '../../../test/support/h2-instance.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { InstanceSession } from './instance-session.ts'

const HEAD = 'GET / HTTP/1.1\r\nHost: shop\r\n\r\n'
const QUESTION = { method: 'GET', upgrade: undefined, pass: 'content', headBytes: 32_768 } as const

async function opened() {
  const instance = await h2Instance((stream) => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
  })
  const address = { host: '127.0.0.1', port: instance.port }
  const session = new InstanceSession(address, () => undefined)
  onTestFinished(() => session.session.destroy())
  return { instance, session }
}

/** Asks once `before` has happened to the session, with the session known to be there. */
async function asked(session: InstanceSession, before: () => void = () => undefined) {
  const { promise, resolve } = Promise.withResolvers<string>()
  const sink: AnswerSink = {
    connected: () => {
      before()
      stream.send(QUESTION, HEAD, Buffer.alloc(0))
    },
    connectFailed: (code) => resolve(code),
    answerHead: ({ status }) => resolve(String(status)),
    answerBytes: () => undefined,
    answerEnd: () => undefined,
    answerMalformed: (what) => resolve(what),
    instanceGone: () => resolve(stream.refused ? 'not sent' : 'gone'),
    instanceDrained: () => undefined,
  }
  const stream = session.begin(sink)
  return promise
}

/** The types of Node do not know it. */
function numbersFrom({ session }: InstanceSession, id: number): void {
  ;(session as unknown as { setNextStreamID(id: number): void }).setNextStreamID(id)
}

describe('a request that meets the end of its session was not sent', () => {
  it('when the session is destroyed', async () => {
    const { session, instance } = await opened()
    expect(await asked(session, () => session.session.destroy())).toBe('not sent')
    expect(instance.heads).toEqual([])
  })

  it('when the session closes, and takes no stream any more', async () => {
    const { session, instance } = await opened()
    expect(await asked(session)).toBe('200')
    expect(await asked(session, () => session.session.close())).toBe('not sent')
    expect(instance.heads.length).toBe(1)
  })

  it('when the session has no number left for it: the session takes no other', async () => {
    const { session } = await opened()
    expect(await asked(session)).toBe('200')
    numbersFrom(session, 2 ** 31 - 1)
    expect(await asked(session)).toBe('200')
    expect(session.usable).toBe(true)
    expect(await asked(session)).toBe('not sent')
    expect(session.usable).toBe(false)
  })
})
