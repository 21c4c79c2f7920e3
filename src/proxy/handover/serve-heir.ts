import type { Fleet } from '../fleet.ts'
import type { ToWorker } from '../worker-messages.ts'
import type { Heir } from './heir.ts'

/**
 * What a proxy that has given way does when its heir says something: it stands to its heir as a worker does, so that
 * the connections it still serves follow every change of the routes.
 */
export async function serveHeir(heir: Heir, fleet: Fleet, message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'obey': {
      const { orders } = message
      for (const { service, route } of orders.services) if (!route) fleet.forget(service)
      const outcome = await fleet.obey({ orders, sockets: [] })
      if (outcome.kind === 'obeyed') heir.tell({ kind: 'obeyed', version: orders.version })
      return
    }
    case 'mark':
      return fleet.mark(message.news)
    case 'leave':
      return void fleet.leave(message)
    default:
      return
  }
}
