import { registerHooks } from 'node:module'
import { fate } from './fate.ts'
import type { Plot } from './plot.ts'

/**
 * The controller as users have it, but for its store, which is exchanged while modules are loaded. Started by tests
 * alone: node mortal-controller.ts <state directory> <plot>. It ends with whoever started it.
 */
const [stateDirectory = '', plot = '{}'] = process.argv.slice(2)
const place = (path: string) => new URL(path, import.meta.url).href
const [real, mortal] = [place('../../src/store/store.ts'), place('mortal-store.ts')]

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    return found.url === real && context.parentURL !== mortal ? { ...found, url: mortal } : found
  },
})

fate.follow(JSON.parse(plot) as Plot)
process.on('message', (message) => {
  if (message !== 'go on') fate.follow(message as Plot)
})
process.on('disconnect', () => process.exit())
const { startApp } = await import('../../src/app.ts')
const app = await startApp({ stateDirectory, version: 'crash', workers: 2 })
process.send?.({ told: 'ready' })
await app.ended
process.disconnect()
