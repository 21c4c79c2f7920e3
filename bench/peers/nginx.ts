import { hostAndPort, isEncrypted, type Peer, type Recipe, type Setup } from './peer.ts'

export const nginx: Peer = { name: 'nginx', program: 'nginx', recipe }

function recipe(setup: Setup): Recipe {
  const words = ['-p', setup.folder, '-c', 'nginx.conf', '-e', 'error.log']
  return { words, files: { 'nginx.conf': configOf(setup) } }
}

/** Bodies are passed on as they come: with its defaults nginx would write large ones to the disk first. */
function configOf({ listen, entry, certificate, origin }: Setup): string {
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
      proxy_set_header Host $host;
      proxy_set_header Connection $upstream_connection;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_max_temp_file_size 0;
      proxy_request_buffering off;
    }
  }
}
`
}
