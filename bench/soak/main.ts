import { Problem } from '../../src/core/problem.ts'
import { Stage } from '../stage.ts'
import { printVerdict } from './print-verdict.ts'
import { soak } from './soak.ts'
import { soakArguments, USAGE } from './soak-arguments.ts'

/**
 * `npm run soak`: an hour of mixed traffic through a real proxy whose routes change and whose workers are killed. Ends
 * with 0 when nothing failed that was not severed and the memory stayed flat, with 1 when not, with 2 on wrong words.
 */
process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const stage = await Stage.open()
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void stage.end().then(() => process.exit(status)))
  try {
    const result = await soak(soakArguments(words), stage, say)
    return printVerdict(result, say) === 'good' ? 0 : 1
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    process.stderr.write(`${error.message}\n${error.hint}\n`)
    if (error.code === 'soak-arguments') process.stderr.write(`\n${USAGE}\n`)
    return 2
  } finally {
    await stage.end()
  }
}
