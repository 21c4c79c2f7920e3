import { once } from 'node:events'
import { connect } from 'node:net'

/** Whether somebody takes connections on this port of loopback. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ECONNREFUSED') return false
    throw error
  } finally {
    socket.destroy()
  }
}
