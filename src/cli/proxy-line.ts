import type { ProxySummary } from './proxy-of.ts'

/** The proxy as `status` tells of it. */
export function proxyLine({ pid, midflight, workers, draining }: ProxySummary): string {
  const older =
    draining.length === 0 ? '' : `, an older one (pid ${draining[0]?.pid}) finishes its connections`
  return `proxy pid ${pid}, Midflight ${midflight}, ${workers.length} workers${older}`
}
