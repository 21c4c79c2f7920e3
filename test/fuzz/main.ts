import { parseArgs } from 'node:util'
import { DIFFERENCES } from './differences.ts'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
})
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
const seconds = Number(values.seconds)

console.log(`fuzz: ${seconds}s, --seed ${seed}`)
const { inputs, sent, stricter, explained, failure } = await fuzz({ seed, seconds, sendEvery: 20 })
console.log(
  `${inputs} inputs (${Math.round(inputs / seconds)}/s), ${sent} of them through a data plane; ` +
    `${stricter} times stricter than another parser`,
)
for (const [name, times] of Object.entries(explained)) {
  const why = DIFFERENCES.find((each) => each.name === name)?.why ?? ''
  console.log(`${times} times explained: ${name} (${why})`)
}
if (failure) {
  console.error(failure)
  process.exitCode = 1
}
