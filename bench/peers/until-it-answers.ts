import { connect as connectHttp2 } from 'node:http2'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { setTimeout } from 'node:timers/promises'
import { hostAndPort, isEncrypted, type Setup } from './peer.ts'

const PATIENCE_MS = 8_000
const EACH_MS = 1_000

/**
 * Resolves when a GET by the protocol of the setup's entry is answered 200. Rejects with the last reason why not, after
 * some seconds or when the proxy has `ended`.
 */
export async function untilItAnswers(setup: Setup, ended: () => unknown): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const fault = await faultOfOneGet(setup)
    if (fault === undefined) return
    if (ended() !== undefined) throw new Error(`it ended (${String(ended())}) before it answered`)
    if (performance.now() > until)
      throw new Error(`it answers no ${setup.entry} request with 200: ${fault}`)
    await setTimeout(20)
  }
}

async function faultOfOneGet(setup: Setup): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const deadline = globalThis.setTimeout(() => resolve('no answer in a second'), EACH_MS)
  const end = setup.entry.startsWith('h2') ? askHttp2(setup, resolve) : askHttp1(setup, resolve)
  const fault = await promise
  clearTimeout(deadline)
  end()
  return fault
}

type Told = (fault: string | undefined) => void

function askHttp1({ listen, entry }: Setup, tell: Told): () => void {
  const options = { ...listen, agent: false, rejectUnauthorized: false, servername: 'localhost' }
  const asked = isEncrypted(entry) ? requestHttps(options) : requestHttp(options)
  asked.on('response', (answer) => {
    answer.resume()
    tell(answer.statusCode === 200 ? undefined : `answered ${answer.statusCode}`)
  })
  asked.on('error', (error) => tell(error.message))
  asked.end()
  return () => asked.destroy()
}

function askHttp2({ listen, entry }: Setup, tell: Told): () => void {
  const scheme = isEncrypted(entry) ? 'https' : 'http'
  const options = { rejectUnauthorized: false, servername: 'localhost' }
  const session = connectHttp2(`${scheme}://${hostAndPort(listen)}`, options)
  session.on('error', (error) => tell(error.message))
  const asked = session.request({ ':path': '/' })
  asked.on('response', (head) => {
    asked.resume()
    tell(head[':status'] === 200 ? undefined : `answered ${head[':status']}`)
  })
  asked.on('error', (error) => tell(error.message))
  asked.end()
  return () => session.destroy()
}
