import type { ProofReport } from './judge.ts'
import type { Latency } from './latency.ts'
import type { LoadCounts } from './load-result.ts'

const SAMPLES = 5

/** Prints the proof for a person, line by line. */
export function printReport(report: ProofReport, print: (line: string) => void): void {
  const { severed, websockets } = report
  print(`${number(report.requests)} requests in ${report.seconds.toFixed(1)} s`)
  print(`  failed      ${failed(report)}`)
  print(`  by the app  ${perVersion(report.bad, 'errors')}`)
  if (report.asked > 0) {
    print(`  lost        ${report.lost.length} of ${number(report.asked)} asked for`)
    print(`  duplicated  ${report.duplicated.length}`)
    print(`  corrupted   ${report.corrupted.length}`)
  }
  if (websockets.opened > 0)
    print(`  WebSockets  ${number(websockets.opened)} opened, ${websockets.cut} cut`)
  if (severed.requests + severed.websockets > 0)
    print(
      `  severed     ${severed.requests} requests, ${severed.websockets} WebSockets, with the process killed on purpose`,
    )
  print(`  latency     ${latency(report.shortLatency)}`)
  print(`  answered by ${perVersion(report.versions, 'answers')}`)
  printPhases(report, print)
  printFailures(report, print)
}

function printPhases({ phases }: ProofReport, print: (line: string) => void): void {
  if (phases.length < 2) return
  print('')
  const width = Math.max(...phases.map((phase) => phase.name.length))
  for (const phase of phases) {
    print(
      `  ${phase.name.padEnd(width)}  ${number(phase.requests).padStart(7)} requests  ${failed(phase)} failed`,
    )
  }
}

function printFailures(
  { failures, lost, duplicated }: ProofReport,
  print: (line: string) => void,
): void {
  const lines = [
    ...failures.map(
      ({ atMs, kind, reason }) => `${(atMs / 1_000).toFixed(1)} s  ${kind}  ${reason}`,
    ),
    ...lost.map((id) => `lost  ${id}`),
    ...duplicated.map((id) => `duplicated  ${id}`),
  ]
  if (lines.length === 0) return
  print('')
  for (const line of lines.slice(0, SAMPLES)) print(`  ${line}`)
  if (lines.length > SAMPLES) print(`  … and ${lines.length - SAMPLES} more`)
}

function failed({ failed, resets }: LoadCounts): string {
  return resets === 0 ? String(failed) : `${failed} (${resets} resets)`
}

function perVersion(counts: Readonly<Record<string, number>>, what: string): string {
  const parts = Object.entries(counts).map(([version, count]) => `${version}: ${number(count)}`)
  return parts.length === 0 ? `0 ${what}` : `${parts.join(', ')} ${what}`
}

function latency({ p50, p99, max }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms from the moment due`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
