import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const caddy: Peer = { name: 'caddy', program: 'caddy', recipe }

function recipe(setup: Setup): Recipe {
  return {
    words: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    files: { Caddyfile: configOf(setup) },
    env: { GOMAXPROCS: '1', HOME: setup.folder },
  }
}

/**
 * It tells the instance as much of a request as Midflight does; three of the lines it writes unasked. Without a regular
 * expression, which it would pay for, it cannot make an id of 32 hexadecimal digits: so its `traceparent` is always the same.
 */
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
    header_up X-Forwarded-Port {http.request.port}
    header_up Forwarded \`for={http.request.remote.host};host="{http.request.hostport}";proto={http.request.scheme}\`
    header_up Via "1.1 caddy"
    header_up X-Request-Id {http.request.uuid}
    header_up traceparent 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
`
}
