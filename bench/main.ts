import { Problem } from '../src/core/problem.ts'
import { askedFor, USAGE } from './bench-arguments.ts'
import { peersNamed } from './peers/all.ts'
import { casesNamed } from './cases/all.ts'
import { judgeBench } from './judge/judge-bench.ts'
import { figuresOf } from './figures.ts'
import { printFigures } from './print-figures.ts'
import { runBench } from './run-bench.ts'
import { Stage } from './stage.ts'

/**
 * `npm run bench -- proxy`: what a request costs in Midflight's proxy and in others, measured side by side.
 * `npm run bench -- judge`: how soon it is noticed that a release is bad, and how often one that is not is called so.
 * Ends with 0; with 1 when a request failed or a measurement did; with 2 when it was asked for the impossible.
 */
process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const stage = await Stage.open()
  // Everything it started ends with it, also on Ctrl-C.
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void stage.end().then(() => process.exit(status)))
  try {
    if (words[0] === 'judge') {
      judgeBench(words.slice(1), (line) => void process.stdout.write(`${line}\n`))
      return 0
    }
    const asked = askedFor(words)
    const plan = { ...asked, cases: casesNamed(asked.cases), peers: peersNamed(asked.proxies) }
    const { samples, faults } = await runBench(plan, stage, say)
    const figures = figuresOf(samples)
    if (asked.json) process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`)
    else printFigures(figures, (line) => void process.stdout.write(`${line}\n`))
    return faults === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(`${error.message}\n${error.hint}`)
    if (error.code === 'bench-arguments') say(`\n${USAGE}`)
    return 2
  } finally {
    await stage.end()
  }
}
