import { formatDuration } from '../duration.ts'
import type { Finding, Inspection } from './finding.ts'

/** A check that asks too little, and one that nothing can pass. */
export const inspectReadiness: Inspection = ({ ready, listen }) => {
  if (!listen) return []
  const findings: Finding[] = []
  const shortest = ready.intervalMs * ready.up
  if (ready.startupMs < shortest)
    findings.push({
      code: 'startup-short',
      level: 'error',
      what: `startup is ${formatDuration(ready.startupMs)}, and ${ready.up} good answers every ${formatDuration(ready.intervalMs)} take ${formatDuration(shortest)}`,
      why: 'no instance can become ready in time',
      hint: `Give it longer: ready: { startup: ${formatDuration(shortest * 10)} }`,
    })
  if (ready.check === undefined && ready.path === '/')
    findings.push({
      code: 'ready-default',
      level: 'warning',
      what: 'readiness is asked at /',
      why: 'the front page may answer before the app can serve, and asking for it every second may be dear',
      hint: 'Let the app answer 200 on /readyz when it can serve, then: ready: /readyz',
    })
  return findings
}
