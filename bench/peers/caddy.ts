import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const caddy: Peer = { name: 'caddy', program: 'caddy', recipe }

function recipe(setup: Setup): Recipe {
  return {
    words: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    files: { Caddyfile: configOf(setup) },
    env: { GOMAXPROCS: '1', HOME: setup.folder },
  }
}

function configOf({ listen, entry, certificate, origin }: Setup): string {
  const upstream = 'path' in origin ? `unix/${origin.path}` : hostAndPort(origin)
  const protocols = { http: 'h1', tls: 'h1', h2: 'h1 h2', h2c: 'h1 h2c' }[entry]
  const site = `${isEncrypted(entry) ? 'https' : 'http'}://:${listen.port}`
  return `
{
  admin off
  auto_https off
  default_sni localhost
  log {
    level ERROR
  }
  servers {
    protocols ${protocols}
  }
}
${site} {
  bind ${listen.host}
  ${isEncrypted(entry) ? `tls ${certificate.cert} ${certificate.key}` : ''}
  reverse_proxy ${upstream} {
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
`
}
