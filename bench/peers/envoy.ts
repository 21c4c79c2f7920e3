import type { Address, InstanceAddress } from '../../src/core/address.ts'
import { isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const envoy: Peer = { name: 'envoy', program: 'envoy', recipe }

function recipe(setup: Setup): Recipe {
  const words = '-c envoy.json --concurrency 1 --disable-hot-restart --log-level error'
  return { words: words.split(' '), files: { 'envoy.json': JSON.stringify(configOf(setup)) } }
}

function configOf(setup: Setup): unknown {
  const endpoint = { endpoint: { address: addressOf(setup.origin) } }
  return {
    static_resources: {
      listeners: [
        { name: 'main', address: addressOf(setup.listen), filter_chains: [filterChainOf(setup)] },
      ],
      clusters: [
        {
          name: 'origin',
          type: 'STATIC',
          connect_timeout: '5s',
          load_assignment: {
            cluster_name: 'origin',
            endpoints: [{ lb_endpoints: [endpoint] }],
          },
        },
      ],
    },
  }
}

function filterChainOf(setup: Setup): unknown {
  const route = { match: { prefix: '/' }, route: { cluster: 'origin', timeout: '0s' } }
  const connections = {
    '@type': `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'main',
    codec_type: 'AUTO',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [route] }] },
    http_filters: [
      {
        name: 'router',
        typed_config: { '@type': `${EXTENSIONS}.filters.http.router.v3.Router` },
      },
    ],
  }
  return {
    filters: [{ name: 'http', typed_config: connections }],
    ...(isEncrypted(setup.entry) && { transport_socket: tlsOf(setup) }),
  }
}

const EXTENSIONS = 'type.googleapis.com/envoy.extensions'

function tlsOf({ certificate, entry }: Setup): unknown {
  const files = {
    certificate_chain: { filename: certificate.cert },
    private_key: { filename: certificate.key },
  }
  return {
    name: 'tls',
    typed_config: {
      '@type': `${EXTENSIONS}.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        tls_certificates: [files],
        alpn_protocols: entry === 'h2' ? ['h2', 'http/1.1'] : ['http/1.1'],
      },
    },
  }
}

function addressOf(address: Address | InstanceAddress): unknown {
  if ('path' in address) return { pipe: { path: address.path } }
  return { socket_address: { address: address.host, port_value: address.port } }
}
