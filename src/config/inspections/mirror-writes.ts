import type { Inspection } from './finding.ts'

/** RFC 9110 §9.2.1: these ask for nothing to be changed. */
const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** A copied request is carried out twice. */
export const inspectMirrorWrites: Inspection = ({ traffic }) => {
  const writes = traffic?.mirror?.methods.filter((method) => !SAFE.includes(method)) ?? []
  if (writes.length === 0) return []
  return [
    {
      code: 'mirror-writes',
      level: 'warning',
      what: `mirror copies ${writes.join(' and ')} too`,
      why: 'both releases carry such a request out, so an order may be placed twice',
      hint: 'Mirror what only reads: mirror: { methods: [GET, HEAD] }',
    },
  ]
}
