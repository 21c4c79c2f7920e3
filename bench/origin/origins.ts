import { openSync, ftruncateSync, closeSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { InstanceAddress } from '../../src/core/address.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { isListening } from './is-listening.ts'
import type { Stage } from '../stage.ts'
import { whereIs } from '../where-is.ts'

/** What stands behind every proxy: the same processes for all. */
export interface Origins {
  /** nginx: answers all at once. `/1m` and `/1g` are files. */
  readonly tcp: InstanceAddress
  /** The same nginx, by a unix socket. */
  readonly unix: InstanceAddress
  /** Reads whole bodies before it answers, and echoes what comes on a WebSocket. */
  readonly sink: InstanceAddress
}

export type OriginKind = keyof Origins

export const MEGABYTE: number = 1_024 * 1_024
export const GIGABYTE: number = 1_024 * MEGABYTE

/** What a small GET is answered with. */
const SMALL = 'x'.repeat(128)

export async function startOrigins(stage: Stage): Promise<Origins> {
  const folder = join(stage.folder, 'origin')
  await mkdir(folder)
  writeHoles(join(folder, '1m'), MEGABYTE)
  writeHoles(join(folder, '1g'), GIGABYTE)
  const tcp = { host: '127.0.0.1', port: await freePort() }
  const unix = { path: join(folder, 'origin.sock') }
  await writeFile(join(folder, 'nginx.conf'), configOf(tcp.port, unix.path))
  const words = ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log']
  await stage.start(whereIs('nginx') ?? 'nginx', words)
  const sink = { host: '127.0.0.1', port: await freePort() }
  const program = fileURLToPath(new URL('./sink.ts', import.meta.url))
  await stage.start(process.execPath, [program, String(sink.port)])
  for (const address of [tcp, unix, sink])
    while (!(await isListening(address))) await setTimeout(10)
  return { tcp, unix, sink }
}

/** A file of zeros that takes no room on the disk. */
function writeHoles(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
}

function configOf(port: number, path: string): string {
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
  keepalive_timeout 3600s;
  client_max_body_size 0;
  sendfile on;
  default_type text/plain;
  server {
    listen 127.0.0.1:${port};
    listen unix:${path};
    root .;
    location / { return 200 "${SMALL}"; }
    location = /1m { }
    location = /1g { }
  }
}
`
}
