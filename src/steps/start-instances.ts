import { yes } from '../core/gate.ts'
import { instanceId } from '../core/names.ts'
import { arrive } from '../core/roles.ts'
import type { Steps } from '../core/step.ts'
import { drain } from './drain.ts'
import { changeRoute, ensureRoute, join } from './route.ts'
import { stopInstances } from './stop-instances.ts'

/** Starts instances and lets the proxy watch them; they get traffic when a later step gives their release a share. */
export const startInstances: Steps['start-instances'] = {
  do: async ({ release: id, slots }, world, options) => {
    const release = await world.release(id)
    await ensureRoute(world, release, options)
    for (const slot of slots) {
      const instance = await world.runtime.start(release, slot, options)
      if (!release.spec.listen) continue
      await changeRoute(world, (route) => join(arrive(route, id), instance, release), options)
    }
    return yes
  },

  undo: async ({ release, slots }, world, options) => {
    const { listen } = (await world.release(release)).spec
    if (listen && !(await world.router.read(world.service, options))) return
    if (listen) await drain.do({ kind: 'drain', release, slots }, world, options)
    await stopInstances.do({ kind: 'stop-instances', release, slots }, world, options)
  },

  verify: async ({ release, slots }, world) => {
    const { listen } = (await world.release(release)).spec
    const route = (await world.router.read(world.service))?.route
    const running = (await world.runtime.list(world.service)).filter(
      (each) => each.state.kind === 'running',
    )
    return slots.every((slot) => {
      const instance = running.find((each) => each.id === instanceId(world.service, release, slot))
      if (!listen) return instance !== undefined
      return route?.instances.some(
        (each) => each.id === instance?.id && each.generation === instance.generation,
      )
    })
  },

  describe: ({ release, slots }) => `start ${slots.length} × ${release}`,
}
