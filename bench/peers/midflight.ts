import { fileURLToPath } from 'node:url'
import type { EntrySpec } from '../../src/core/entry.ts'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import { SUPERVISOR_FLAGS } from '../../src/proxy/supervisor-flags.ts'
import { benchRoute } from '../bench-route.ts'
import { proxyControl } from '../proxy-control.ts'
import type { Peer, Recipe, Setup } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('../../src/proxy/main.ts', import.meta.url))

/** The proxy as it is: its own process with one worker, its route applied as the embedded router does. */
export const midflight: Peer = { name: 'midflight', program: process.execPath, recipe }

function recipe(setup: Setup): Recipe {
  return {
    words: [...SUPERVISOR_FLAGS, PROGRAM, '--state', setup.folder, '--workers', '1'],
    afterwards: () => applied(setup),
  }
}

async function applied(setup: Setup): Promise<void> {
  const control = proxyControl(setup.folder)
  await control.untilItAnswers()
  await control.apply(routeFor(setup))
  await control.untilUp('bench')
}

export function routeFor({ listen, entry, certificate, origin }: Setup): Route {
  const route = benchRoute('bench', listen, [instanceAt(origin)])
  const spec = entrySpecOf(entry, certificate)
  return spec ? { ...route, traffic: { entry: spec } } : route
}

function instanceAt(address: RouteInstance['address']): RouteInstance {
  return { id: 'bench.v1.0', release: 'v1', address, state: 'serving', generation: 'g1' }
}

function entrySpecOf(
  entry: Setup['entry'],
  { cert, key }: Setup['certificate'],
): EntrySpec | undefined {
  if (entry === 'http') return undefined
  const common = { http2: entry !== 'tls', proxyProtocol: false, trusted: [] }
  if (entry === 'h2c') return common
  return { ...common, tls: { certificates: [{ cert, key }], minVersion: 'TLSv1.2' } }
}
