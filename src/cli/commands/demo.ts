import type { Command } from 'commander'
import { demo as perform, faultsOf } from '../../prove/demo/demo.ts'
import type { Played } from '../../prove/demo/play.ts'
import { jsonReport } from '../../prove/demo/report.ts'
import { printReport } from '../../prove/print-report.ts'
import { paint } from '../paint.ts'
import { statusLine } from '../status-line.ts'
import { verb } from '../verb.ts'
import { commonOf } from '../where.ts'

export function demo(): Command {
  return verb(
    'demo',
    'Release a sample service six times under load on this machine, good and bad, and account for every request',
    'midflight demo',
  ).action(async (_options: object, command: Command) => {
    const { json } = commonOf(command)
    const line = statusLine()
    const result = await perform({
      begins: (scene) => {
        if (json) return
        line.show(`  … ${scene}`)
      },
      ended: (played) => {
        if (!json) line.print(told(played))
      },
    })
    const faults = faultsOf(result)
    if (json) console.log(JSON.stringify(jsonReport(result)))
    else {
      console.log('')
      printReport(result.proof, console.log)
      console.log(
        faults.length === 0
          ? paint('green', '\nno request failed, nothing was lost, nothing is left running')
          : paint('red', `\nnot as promised:\n  ${faults.join('\n  ')}`),
      )
    }
    process.exitCode = faults.length === 0 ? 0 : 1
  })
}

function told({ strategy, from, to, outcome, failed, seconds, why }: Played): string {
  const mark =
    outcome === 'promoted' || outcome === 'rollback' ? paint('green', '✓') : paint('yellow', '↺')
  const move = `${strategy} ${from} → ${to}`.padEnd(22)
  const end = `${outcome.padEnd(9)} ${seconds.toFixed(1).padStart(5)}s  ${failed} failed`
  return `  ${mark} ${move} ${end}${why === undefined ? '' : `\n      ${paint('dim', why)}`}`
}
