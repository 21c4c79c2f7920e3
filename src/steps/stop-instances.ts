import { yes } from '../core/gate.ts'
import { instanceId } from '../core/names.ts'
import type { Steps } from '../core/step.ts'
import { changeRoute, ensureRoute, join, leave, turn } from './route.ts'
import { waitUntilReady } from './wait-until-ready.ts'

/** Ends instances that were drained: out of the route first, then the signal. */
export const stopInstances: Steps['stop-instances'] = {
  do: async ({ release: id, slots }, world, options) => {
    const { stop, listen } = (await world.release(id)).spec
    const ids = slots.map((slot) => instanceId(world.service, id, slot))
    if (listen) await changeRoute(world, (route) => leave(route, ids), options)
    await Promise.all(ids.map(async (each) => world.runtime.stop(each, stop, options)))
    return yes
  },

  undo: async ({ release: id, slots }, world, options) => {
    const release = await world.release(id)
    await ensureRoute(world, release, options)
    for (const slot of slots) {
      const instance = await world.runtime.start(release, slot, options)
      if (!release.spec.listen) continue
      // As it was before it was stopped: the undo of its drain gives it traffic again.
      await changeRoute(
        world,
        (route) => turn(join(route, instance, release), [instance.id], 'draining'),
        options,
      )
    }
    const verdict = await waitUntilReady.do(
      { kind: 'wait-until-ready', release: id, slots },
      world,
      options,
    )
    if (verdict.kind === 'no') throw verdict.problem
  },

  verify: async ({ release, slots }, world) => {
    const route = (await world.router.read(world.service))?.route
    const there = [...(await world.runtime.list(world.service)), ...(route?.instances ?? [])]
    const ids = slots.map((slot) => instanceId(world.service, release, slot))
    return !there.some((each) => ids.includes(each.id))
  },

  describe: ({ release, slots }) => `stop ${slots.length} × ${release}`,
}
