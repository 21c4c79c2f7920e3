import { connect } from 'node:net'
import type { InstanceAddress } from '../../src/core/address.ts'

export function isListening(address: InstanceAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
