import { registerHooks } from 'node:module'
import { groupFate, type Plot } from './group-fate.ts'

/**
 * The controller as users have it, but for its store, which is exchanged while modules are loaded. Started by tests
 * alone: node group-mortal-controller.ts <state directory>. It ends with whoever started it.
 */
const [stateDirectory = ''] = process.argv.slice(2)
const place = (path: string) => new URL(path, import.meta.url).href
const [real, mortal] = [place('../../src/store/store.ts'), place('group-mortal-store.ts')]

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    return found.url === real && context.parentURL !== mortal ? { ...found, url: mortal } : found
  },
})

process.on('message', (plot) => {
  groupFate.follow(plot as Plot)
  process.send?.('followed')
})
process.on('disconnect', () => process.exit())
const { startApp } = await import('../../src/app.ts')
const app = await startApp({ stateDirectory, version: 'crash', workers: 1 })
process.send?.('ready')
await app.ended
process.disconnect()
