import { parseArgs } from 'node:util'
import { setup as compileOnce } from '../support/compiled-once.ts'
import { missing } from '../support/small-disk.ts'
import { printMatrix } from './print-matrix.ts'
import { ROWS } from './rows.ts'
import { runMatrix } from './run-matrix.ts'

const { values } = parseArgs({
  options: {
    lanes: { type: 'string', default: '3' },
    each: { type: 'string', default: '1' },
    strategy: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    times: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
})

compileOnce()
// Nothing of it may outlive it.
const over = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => over.abort())
const began = performance.now()
const played = await runMatrix({
  rows: ROWS.filter(({ strategy }) => values.strategy?.includes(strategy) ?? true),
  lanes: Number(values.lanes),
  each: Number(values.each),
  only: values.only,
  times: Number(values.times),
  isOver: () => over.signal.aborted,
  tell: (title, faults) => {
    if (faults.length > 0) console.log(`FAILED ${title}\n  ${faults.join('\n  ')}`)
    else if (values.verbose) console.log(title)
  },
})
const failed = played.filter(({ faults }) => faults.length > 0).length
console.log(printMatrix(played))
const why = missing()
if (why !== undefined) console.log(`skipped: disk full and read-only (${why})`)
console.log(`${Math.round((performance.now() - began) / 1_000)} s`)
console.log(`${played.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 || played.length === 0 ? 1 : 0
