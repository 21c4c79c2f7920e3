import { Socket, type AddressInfo, type SocketConstructorOpts } from 'node:net'
import { handleOf, type ListeningSocket, socketOf } from './listening-socket.ts'
import type { Log } from './proxy-log.ts'

/** The sockets behind these descriptors, which systemd bound. What is no TCP socket is left alone. */
export function lentSockets(descriptors: readonly number[], log: Log): ListeningSocket[] {
  return descriptors.flatMap((fd) => {
    try {
      return [lentSocket(fd)]
    } catch (error) {
      log('descriptor not used', { fd, why: String(error) })
      return []
    }
  })
}

function lentSocket(fd: number): ListeningSocket {
  // Without `manualStart` it would read from it, which a listening socket does not know.
  const options = { fd, manualStart: true } as SocketConstructorOpts
  const socket = new Socket(options)
  const { address, port } = socket.address() as Partial<AddressInfo>
  if (address === undefined || port === undefined) throw new TypeError('it is no TCP socket')
  return socketOf(handleOf(socket), { host: address, port }, 'lent')
}
