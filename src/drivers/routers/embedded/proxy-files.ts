import { join, resolve } from 'node:path'
import { Problem } from '../../../core/problem.ts'

/** Where the proxy of a state directory keeps its things. */
export interface ProxyFiles {
  readonly stateDirectory: string
  readonly directory: string
  readonly controlSocket: string
  readonly log: string
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS (unix(7), unix(4)), one of them the closing zero. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103

/** Throws `state-path-too-long` when the path of the control socket would not fit into a socket address. */
export function proxyFiles(stateDirectory: string): ProxyFiles {
  const directory = join(resolve(stateDirectory), 'proxy')
  const controlSocket = join(directory, 'control.sock')
  const length = Buffer.byteLength(controlSocket)
  if (length > LONGEST_SOCKET_PATH) {
    throw new Problem('state-path-too-long', {
      message: `${controlSocket} has ${length} bytes; a unix socket's path may have ${LONGEST_SOCKET_PATH}`,
      hint: 'Choose a state directory with a shorter path.',
      data: { path: controlSocket },
    })
  }
  return {
    stateDirectory: resolve(stateDirectory),
    directory,
    controlSocket,
    log: join(directory, 'proxy.log'),
  }
}
