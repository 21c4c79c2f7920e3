import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const traefik: Peer = {
  name: 'traefik',
  program: 'traefik',
  recipe,
  cannot: ({ origin }) => (origin === 'unix' ? 'it has no unix sockets to instances' : undefined),
}

function recipe(setup: Setup): Recipe {
  return {
    words: ['--configfile=traefik.json'],
    files: {
      'traefik.json': JSON.stringify(startOf(setup)),
      'routes.json': JSON.stringify(routesOf(setup)),
    },
    env: { GOMAXPROCS: '1', HOME: setup.folder },
  }
}

/** JSON is YAML, which is what it reads. */
function startOf({ listen }: Setup): unknown {
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'ERROR' },
    entryPoints: {
      main: {
        address: hostAndPort(listen),
        transport: { respondingTimeouts: { readTimeout: '600s', idleTimeout: '600s' } },
      },
    },
    providers: { file: { filename: 'routes.json', watch: false } },
    serversTransport: { maxIdleConnsPerHost: 128 },
  }
}

function routesOf({ entry, certificate, origin }: Setup): unknown {
  const url = 'path' in origin ? '' : `http://${hostAndPort(origin)}`
  const file = { certFile: certificate.cert, keyFile: certificate.key }
  return {
    http: {
      routers: {
        all: {
          rule: 'PathPrefix(`/`)',
          service: 'origin',
          entryPoints: ['main'],
          ...(isEncrypted(entry) && { tls: {} }),
        },
      },
      services: { origin: { loadBalancer: { servers: [{ url }] } } },
    },
    ...(isEncrypted(entry) && { tls: { stores: { default: { defaultCertificate: file } } } }),
  }
}
