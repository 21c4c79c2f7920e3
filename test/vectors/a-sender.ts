import { Sender } from '../../src/proxy/entry/sender.ts'

/** The client of every vector. */
export const aSender: Sender = new Sender(
  { address: '127.0.0.1', port: 1, localAddress: '127.0.0.1', localPort: 80, secure: false },
  undefined,
)
