import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** How an answer is passed on. */
export interface AnswerTerms {
  /** What becomes of the client's connection afterwards. */
  readonly next: 'keep' | 'close'
  /** The client will take the end of its connection for the end of the answer. */
  readonly openEnded: boolean
}

export const CLOSE_LINES = 'Connection: close\r\n'

/** An HTTP/1.0 client does not know chunks: it gets what they carry. */
export function passFor(request: RequestHead): 'bytes' | 'content' {
  return request.minor === 1 ? 'bytes' : 'content'
}

export function termsOf(
  request: RequestHead,
  head: ResponseHead,
  state: { readonly leaving: boolean; readonly requestComplete: boolean },
): AnswerTerms {
  const openEnded =
    head.framing.kind === 'until-close' ||
    (head.framing.kind === 'chunked' && passFor(request) === 'content')
  // A client that expected 100 and got its answer may or may not send the body: its next bytes cannot be told apart.
  const unsure = request.expects && !state.requestComplete
  const keeps = request.keepAlive && !state.leaving && !openEnded && !unsure
  return { next: keeps ? 'keep' : 'close', openEnded }
}
