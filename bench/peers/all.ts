import { pick } from '../bench-arguments.ts'
import { caddy } from './caddy.ts'
import { envoy } from './envoy.ts'
import { haproxy } from './haproxy.ts'
import { kamalProxy } from './kamal-proxy.ts'
import { midflight } from './midflight.ts'
import { bareNginx, nginx } from './nginx.ts'
import type { Peer } from './peer.ts'
import { traefik } from './traefik.ts'

const PEERS: readonly Peer[] = [
  midflight,
  nginx,
  bareNginx,
  haproxy,
  caddy,
  kamalProxy,
  traefik,
  envoy,
]

/** Throws `bench-arguments` for a name there is not. */
export function peersNamed(names: readonly string[]): readonly Peer[] {
  return pick('proxy', PEERS, names)
}
