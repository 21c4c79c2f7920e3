import type { AccessRecord } from '../core/access.ts'

/** A request in one line, as a person reads it. */
export function accessLine(record: AccessRecord): string {
  const { at, client, method, path, query, status, by, end, ms } = record
  const target = query ? `${path}?${query.join('&')}` : path
  const answer = by === 'proxy' ? `${status ?? '–'} by the proxy` : `${status ?? '–'}`
  const how = end === 'complete' ? '' : ` (${end})`
  return `${at}  ${client}  ${method} ${target}  ${answer}${how}  ${ms}ms  ${whither(record)}`
}

function whither({ instance, why, retries, heldMs }: AccessRecord): string {
  const told = [
    instance ?? 'nobody took it',
    ...(why === undefined ? [] : [`by ${why}`]),
    ...(retries > 0 ? [`retried ${retries} times`] : []),
    ...(heldMs > 0 ? [`held ${heldMs}ms`] : []),
  ]
  return told.join(', ')
}
