/** One answer of an instance, byte for byte, and what the client gets of it. */
export interface AnswerVector {
  /** A sentence. */
  readonly name: string
  /** What was asked; a GET in HTTP/1.1 unless said. */
  readonly asked?: string
  /** What the instance writes, in latin1. */
  readonly bytes: string
  /** It ends the connection after that. */
  readonly ends?: true
  readonly expected: Passed | 'bad-gateway' | 'aborted'
}

export interface Passed {
  /** What the client receives, in latin1. */
  readonly passed: string
  /** Whether the instance's connection may carry another request. */
  readonly instance: 'kept' | 'destroyed'
}

export const KEEP = 'Connection: keep-alive\r\nKeep-Alive: timeout=30\r\n'
export const CLOSE = 'Connection: close\r\n'

/** An answer with these lines. */
export function answer(lines: readonly string[], body = ''): string {
  return `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`
}

export function passed(text: string, instance: Passed['instance'] = 'kept'): Passed {
  return { passed: text, instance }
}
