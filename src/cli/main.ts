import { CommanderError } from 'commander'
import { printFailure } from './print-failure.ts'
import { program } from './program.ts'

/** Exit statuses: 0 good, 1 undone or degraded, 2 the call was wrong. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await program().parseAsync(args, { from: 'user' })
  } catch (error) {
    // Commander has printed its own already; help and version are no failures.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else
      printFailure(error, {
        isJson: args.includes('--json'),
        isVerbose: args.includes('--verbose'),
      })
  }
}
