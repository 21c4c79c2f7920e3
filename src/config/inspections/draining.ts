import type { Inspection } from './finding.ts'

/** Without time to drain, every replaced instance cuts what runs on it. */
export const inspectDraining: Inspection = ({ stop, listen }) => {
  if (!listen || stop.drainMs > 0) return []
  return [
    {
      code: 'drain-none',
      level: 'warning',
      what: 'stop.drain is 0s',
      why: 'requests that run on an instance when it is replaced are cut',
      hint: 'Give them time: stop: { drain: 30s }',
    },
  ]
}
