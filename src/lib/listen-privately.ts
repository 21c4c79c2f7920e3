import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, type Server } from 'node:net'

/**
 * Listens on a unix socket that only this user may open (mode 0600). A socket file left by a dead process is replaced,
 * after connecting to it has failed; rejects with `EADDRINUSE` when somebody answers there.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path)
  } catch (error) {
    const taken = (error as { code?: unknown }).code === 'EADDRINUSE'
    if (!taken || (await answers(path))) throw error
    await rm(path, { force: true })
    await listen(server, path)
  }
}

async function listen(server: Server, path: string): Promise<void> {
  // The mode is set by the system when the socket is made, so there is no moment in which others could connect.
  const before = process.umask(0o177)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
  await once(server, 'listening')
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false
    throw error
  } finally {
    socket.destroy()
  }
}
