import { join } from 'node:path'

/** The programs that tests start are compiled by the first of them alone: nodejs.org/api/module.html#module-compile-cache. */
export function setup(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(
    import.meta.dirname,
    '../../node_modules/.cache/compiled',
  )
}
