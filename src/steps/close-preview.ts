import type { Steps } from '../core/step.ts'
import { previewName, previewPlace, previewRoute } from './preview-route.ts'

/** Ends the address of the preview: the rollout is over. */
export const closePreview: Steps['close-preview'] = {
  do: async (_, world, options) => {
    await world.router.remove(previewName(world), options)
    return { kind: 'yes' }
  },

  undo: async (data, world, options) =>
    world.router.apply(await previewRoute(data, world, options), options),

  verify: async (_, world) => (await world.router.read(previewName(world))) === undefined,

  describe: (data) => `end the preview at ${previewPlace(data)}`,
}
