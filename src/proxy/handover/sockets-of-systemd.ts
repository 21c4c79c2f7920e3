import { Socket, type SocketConstructorOpts } from 'node:net'
import { handleOf, type ListeningSocket, socketOf } from '../listening-socket.ts'

const FIRST = 3

/**
 * The sockets that systemd bound for the proxy (sd_listen_fds(3)): descriptors 3 and on. `addresses` has their addresses
 * in this order, as `HOST:PORT` with commas between.
 */
export function socketsOfSystemd(addresses: string | undefined): ListeningSocket[] {
  if (addresses === undefined) return []
  return addresses.split(',').map((text, at) => {
    const colon = text.lastIndexOf(':')
    const address = { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) }
    return socketOf(
      handleOf(new Socket({ fd: FIRST + at, manualStart: true } as SocketConstructorOpts)),
      address,
      'lent',
    )
  })
}
