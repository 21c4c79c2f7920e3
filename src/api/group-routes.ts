import { Hono } from 'hono'
import type { GroupEvent } from '../core/group.ts'
import type { Controller } from '../engine/controller.ts'
import { bodyOf, lines } from './answer.ts'
import { groupBody, groupCheckBody, reasonBody } from './contract.ts'
import { watching } from './watching.ts'

/** The verbs about several services as one rollout. */
export function groupRoutes(controller: Controller): Hono {
  return new Hono()
    .get('/', async (c) => c.json(await controller.groups()))
    .post('/', async (c) => {
      const { ifBusy, ...request } = await bodyOf(c, groupBody)
      return c.json(await controller.deployGroup(request, ifBusy))
    })
    .post('/check', async (c) => {
      const { members } = await bodyOf(c, groupCheckBody)
      return c.json(await controller.checkGroup(members))
    })
    .get('/:group/events', (c) => {
      const watch = async (listener: (event: GroupEvent) => void) =>
        controller.watchGroup(Number(c.req.param('group')), listener)
      return lines(c, (signal) => watching(watch, signal))
    })
    .post('/:group/abort', async (c) => {
      const { reason } = await bodyOf(c, reasonBody)
      await controller.abortGroup(Number(c.req.param('group')), reason)
      return c.json({ ok: true })
    })
}
