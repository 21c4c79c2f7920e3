import { sendGuarded } from './send-guarded.ts'

export interface Posting {
  /** Its path and query may be secrets. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export type Reply =
  | { readonly kind: 'taken' }
  /** Why not, without any secret of the URL. `body` is what the other side wrote: it may be anything. */
  | { readonly kind: 'refused'; readonly why: string; readonly body: string }

const MOST_BYTES = 64 * 1024

/** Posts JSON to a URL that a person configured; any 2xx means that it was taken. Rejects only with the signal's reason. */
export async function postJson(
  { url, headers = {}, body }: Posting,
  signal: AbortSignal,
): Promise<Reply> {
  const sending = {
    method: 'POST' as const,
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    mostBytes: MOST_BYTES,
  }
  const received = await sendGuarded(sending, signal)
  const host = URL.parse(url)?.host ?? 'the URL'
  if (received.kind === 'failure')
    return { kind: 'refused', why: `${host}: ${received.why}`, body: '' }
  if (received.status >= 200 && received.status < 300) return { kind: 'taken' }
  return { kind: 'refused', why: `${host} answered ${received.status}`, body: received.body }
}
