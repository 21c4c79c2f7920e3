/** What the data plane itself tells an instance of a request, each at most once. */
const OWN = [
  'x-request-id',
  'traceparent',
  'tracestate',
  'via',
  'max-forwards',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
]

/**
 * The head of a request without the lines that the data plane has written, and what follows it as it is. Throws when
 * one of them stands twice: then somebody else wrote it.
 */
export function withoutOwnLines(text: string): string {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return text
  const lines = text.slice(0, end + 2).split(/(?<=\r\n)/)
  const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
  const doubled = OWN.filter((own) => names.filter((name) => name === own).length > 1)
  if (doubled.length > 0) throw new Error(`twice in ${text.slice(0, end)}: ${doubled.join(', ')}`)
  return lines.filter((_, at) => !OWN.includes(names[at] ?? '')).join('') + text.slice(end + 2)
}
