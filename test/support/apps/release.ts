import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'

/**
 * A release named `process.argv[2]`, on the port `process.argv[3]` or a free one. It remembers what users asked it for,
 * and how its WebSockets were closed. The words `fail` (users are answered 500), `sick` (checks
 * are answered 503), `flap` (every second one is) and `well` say how it is. `/slow` and `/stream` last until `finish`.
 */
const name = process.argv[2] ?? ''
const asked: { readonly what: string; readonly atMs: number }[] = []
const seen = { bytes: 0, broken: 0 }
const codes: number[] = []
const connections = new Set<unknown>()
const finished = Promise.withResolvers<void>()
const state = { isFinished: false, manner: 'well', checks: 0 }

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

const answers: Readonly<Record<string, Answer>> = {
  '/slow': async (_, response) => {
    await finished.promise
    response.end(name)
  },
  '/stream': async (_, response) => {
    while (!state.isFinished) {
      response.write(`${name} `)
      await sleep(50)
    }
    response.end('end')
  },
  '/begun': (_, response) => response.write('begun'),
  '/events': events,
  '/upload': upload,
  '/never': () => undefined,
}

function check(): number {
  state.checks += 1
  const isBad = state.manner === 'sick' || (state.manner === 'flap' && state.checks % 2 > 0)
  return isBad ? 503 : 200
}

function finish(): void {
  state.isFinished = true
  finished.resolve()
}

/** Numbered events from the one after `Last-Event-ID` on, each of them in two writes. */
async function events(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  let id = Number(request.headers['last-event-id'] ?? 0)
  while (!response.closed) {
    await sleep(20)
    response.write(`id: ${(id += 1)}\ndata: ${name} ${Date.now()}`)
    await sleep(2)
    response.write('\n\n')
  }
}

/** Answers with the hash of what came. */
async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256')
  try {
    for await (const bytes of request as AsyncIterable<Buffer>) {
      seen.bytes += bytes.length
      hash.update(bytes)
    }
  } catch {
    // It broke off: what a user sees of it is for the test to say.
    seen.broken += 1
    return
  }
  asked.push({ what: 'whole upload', atMs: Date.now() })
  response.end(`${name} ${hash.digest('hex')}`)
}

const server = createServer((request, response) => {
  const path = request.url ?? ''
  if (path === '/up') return void response.writeHead(check()).end(name)
  connections.add(request.socket)
  asked.push({ what: `${request.method} ${path}`, atMs: Date.now() })
  if (state.manner === 'fail') return void response.writeHead(500).end(name)
  void (answers[path] ?? (() => response.end(name)))(request, response)
})
server.keepAliveTimeout = 60_000
const sockets = new WebSocketServer({ noServer: true })
server.on('upgrade', async (request, socket, head) => {
  if (request.url === '/slow') await finished.promise
  sockets.handleUpgrade(request, socket, head, (each) => sockets.emit('connection', each))
})
sockets.on('connection', (socket) => {
  socket.send(name)
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  socket.on('close', (code) => codes.push(code))
})

process.on('message', (word) => {
  if (word === 'report') process.send?.({ asked, seen, codes, connections: connections.size })
  else if (word === 'finish') finish()
  else state.manner = String(word)
})
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
