import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

/** What the instance is told of a request in a configuration as it is found everywhere. */
const BARE = `
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;`

/** What Midflight tells it. nginx has one random value a request; so the last part of `traceparent` is always the same. */
const AS_MIDFLIGHT = `
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header Forwarded 'for=$remote_addr;host="$http_host";proto=$scheme';
      proxy_set_header Via '1.1 nginx';
      proxy_set_header X-Request-Id $request_id;
      proxy_set_header traceparent 00-$request_id-0123456789abcdef-01;`

/** Does the same work as Midflight. */
export const nginx: Peer = {
  name: 'nginx',
  program: 'nginx',
  recipe: (setup) => recipe(setup, AS_MIDFLIGHT),
}

/** Does less for each request, as most do that are run. */
export const bareNginx: Peer = {
  name: 'nginx-bare',
  program: 'nginx',
  recipe: (setup) => recipe(setup, BARE),
}

function recipe(setup: Setup, told: string): Recipe {
  const words = ['-p', setup.folder, '-c', 'nginx.conf', '-e', 'error.log']
  return { words, files: { 'nginx.conf': configOf(setup, told) } }
}

/** Bodies are passed on as they come: with its defaults nginx would write large ones to the disk first. */
function configOf({ listen, entry, certificate, origin }: Setup, told: string): string {
  const server = 'path' in origin ? `unix:${origin.path}` : hostAndPort(origin)
  const kind = { http: '', tls: ' ssl', h2: ' ssl http2', h2c: ' http2' }[entry]
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 30000;
pid nginx.pid;
events { worker_connections 15000; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  http2_max_concurrent_streams 128;
  client_max_body_size 0;
  upstream origin { server ${server}; keepalive 128; keepalive_requests 1000000000; }
  map $http_upgrade $upstream_connection { default upgrade; '' ''; }
  server {
    listen ${hostAndPort(listen)}${kind};
    ${isEncrypted(entry) ? `ssl_certificate ${certificate.cert}; ssl_certificate_key ${certificate.key};` : ''}
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      ${told}
      proxy_set_header Connection $upstream_connection;
      proxy_set_header Upgrade $http_upgrade;
      proxy_max_temp_file_size 0;
      proxy_request_buffering off;
    }
  }
}
`
}
