/** What the proxy answers itself. */
export interface OwnAnswer {
  readonly status: keyof typeof REASONS
  /** One sentence for whoever reads the answer. Names nothing of the inside. */
  readonly text: string
}

const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  508: 'Loop Detected',
} as const

/** RFC 9110 §15.5.6 asks for the methods; §10.2.3 tells when to come back. */
const EXTRA: Partial<Record<OwnAnswer['status'], string>> = {
  200: 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n',
  405: 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE\r\n',
  429: 'Retry-After: 1\r\n',
  503: 'Retry-After: 1\r\n',
}

/** The whole answer. To HEAD the body is told of but not sent. */
export function ownAnswer(answer: OwnAnswer, method: string, persistence: string): string {
  const body = `${answer.status} ${REASONS[answer.status]}: ${answer.text}\n`
  const head =
    `HTTP/1.1 ${answer.status} ${REASONS[answer.status]}\r\nDate: ${new Date().toUTCString()}\r\n` +
    `Content-Type: text/plain; charset=us-ascii\r\nContent-Length: ${body.length}\r\n` +
    `Cache-Control: no-store\r\n${EXTRA[answer.status] ?? ''}${persistence}\r\n`
  return method === 'HEAD' ? head : head + body
}
