import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const haproxy: Peer = { name: 'haproxy', program: 'haproxy', recipe }

function recipe(setup: Setup): Recipe {
  return {
    words: ['-db', '-f', 'haproxy.cfg'],
    files: { 'haproxy.cfg': configOf(setup) },
  }
}

/** It tells the instance as much of a request as Midflight does. */
function configOf({ listen, entry, certificate, origin }: Setup): string {
  const server = 'path' in origin ? `unix@${origin.path}` : hostAndPort(origin)
  const alpn = entry === 'h2' ? ' alpn h2,http/1.1' : ''
  const scheme = isEncrypted(entry) ? 'https' : 'http'
  const tls = isEncrypted(entry) ? ` ssl crt ${certificate.both}${alpn}` : ''
  return `
global
  nbthread 1
  no strict-limits
  maxconn 10200
defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout tunnel 600s
frontend front
  bind ${hostAndPort(listen)}${tls}${entry === 'h2c' ? ' proto h2' : ''}
  http-request set-header X-Forwarded-Proto ${scheme}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header Forwarded for=%[src];host=\\"%[req.hdr(host)]\\";proto=${scheme}
  http-request set-header Via 1.1\\ haproxy
  http-request set-header X-Request-Id %[uuid()]
  http-request set-header traceparent 00-%[uuid(),regsub(-,,g)]-0123456789abcdef-01
  default_backend back
backend back
  http-reuse always
  server origin ${server}
`
}
