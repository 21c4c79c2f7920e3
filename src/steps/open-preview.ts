import type { Steps } from '../core/step.ts'
import { previewName, previewPlace, previewRoute } from './preview-route.ts'

/** Serves the new release alone at an address of its own: nobody gets there by chance, and nothing there is judged. */
export const openPreview: Steps['open-preview'] = {
  do: async (data, world, options) => {
    await world.router.apply(await previewRoute(data, world, options), options)
    return { kind: 'yes', note: previewPlace(data) }
  },

  undo: async (_, world, options) => world.router.remove(previewName(world), options),

  verify: async (data, world) => {
    const there = (await world.router.read(previewName(world)))?.route
    return there?.instances.some((each) => each.release === data.release) === true
  },

  describe: (data) => `preview ${data.release} at ${previewPlace(data)}`,
}
