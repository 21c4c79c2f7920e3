import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { behaviour } from './behaviour.js'
import { echo, goAway } from './echo.js'
import { record } from './ledger.js'

const version =
  process.env.VERSION ??
  (existsSync('version.txt') ? readFileSync('version.txt', 'utf8').trim() : '0')

/** What /download sends: a period of 89 bytes, so that a lost, doubled or moved piece shows. */
const PATTERN = Buffer.from(Array.from({ length: 89 * 1_024 }, (_, at) => 33 + (at % 89)))

const routes = {
  'GET /': (request, response) => json(response, 200, { version }),
  'GET /readyz': readyz,
  'GET /slow': slow,
  'POST /orders': order,
  'PUT /upload': upload,
  'GET /download': download,
  'GET /events': events,
}

let firstReady = true
let answered = 0

function readyz(request, response) {
  if (behaviour['never-ready']) return json(response, 503, { ready: false })
  if (firstReady && behaviour['crash-after-ready'] > 0) {
    setTimeout(() => process.exit(1), behaviour['crash-after-ready'])
  }
  firstReady = false
  json(response, 200, { ready: true })
}

async function slow(request, response, url) {
  await sleep(Number(url.searchParams.get('ms') ?? 1_000))
  json(response, 200, { version })
}

async function order(request, response) {
  const body = await whole(request)
  const id = request.headers['x-id'] ?? JSON.parse(body.toString()).id
  record(id, version)
  json(response, 201, { id, version })
}

async function upload(request, response, url) {
  const id = url.pathname.split('/')[2]
  const body = await whole(request)
  const sha256 = createHash('sha256').update(body).digest('hex')
  record(id, version, body.length, sha256)
  json(response, 201, { id, version, bytes: body.length, sha256 })
}

/** `?bytes=` spread over `?ms=`; with `?chunked` without a length known before. */
async function download(request, response, url) {
  const bytes = Number(url.searchParams.get('bytes') ?? 65_536)
  const ms = Number(url.searchParams.get('ms') ?? 0)
  const steps = Math.max(1, Math.round(ms / 100))
  const headers = { 'content-type': 'application/octet-stream' }
  if (!url.searchParams.has('chunked')) headers['content-length'] = bytes
  response.writeHead(200, headers)
  for (let step = 0; step < steps && !response.destroyed; step += 1) {
    const from = Math.floor((bytes * step) / steps)
    write(response, from, Math.floor((bytes * (step + 1)) / steps))
    if (ms > 0) await sleep(ms / steps)
  }
  response.end()
}

function write(response, from, to) {
  for (let at = from; at < to;) {
    const start = at % 89
    const piece = PATTERN.subarray(start, Math.min(PATTERN.length, start + to - at))
    response.write(piece)
    at += piece.length
  }
}

/** Server-sent events: one with the version every 100 ms, for ever or `?count=` times. */
async function events(request, response, url) {
  const count = Number(url.searchParams.get('count') ?? Infinity)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (let id = 1; id <= count && !response.destroyed; id += 1) {
    response.write(`id: ${id}\ndata: ${version}\n\n`)
    await sleep(100)
  }
  response.end()
}

async function whole(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function json(response, status, value) {
  const body = JSON.stringify(value)
  if (!server.listening) response.setHeader('connection', 'close')
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** Spreads the share evenly: with 0.25 every fourth request fails. */
function fails(url) {
  if (url.pathname === '/readyz') return false
  answered += 1
  return Math.floor(answered * behaviour.errors) > Math.floor((answered - 1) * behaviour.errors)
}

const server = createServer(async (request, response) => {
  response.setHeader('x-version', version)
  const url = new URL(request.url, 'http://app')
  const route = routes[`${request.method} /${url.pathname.split('/')[1]}`]
  try {
    if (!route) json(response, 404, { error: 'not found' })
    else if (fails(url)) json(response, 500, { error: 'this version is broken', version })
    else await route(request, response, url)
  } catch (error) {
    // A client that went away in the middle of its request, or one that sent no id.
    if (response.headersSent || request.destroyed) response.destroy()
    else json(response, 400, { error: String(error) })
  }
})

const sockets = new Set()
server.on('upgrade', (request, socket) => {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
  echo(request, socket, version)
})

if (behaviour['ignore-sigterm']) process.on('SIGTERM', () => {})
else if (behaviour.graceful) {
  process.on('SIGTERM', () => {
    server.close()
    for (const socket of sockets) goAway(socket)
  })
}

await sleep(behaviour['slow-start'])
server.listen(Number(process.env.PORT ?? 3_000), '127.0.0.1')
