import type { Metric } from './judge.ts'

/** How an answer harmed its user, as the end of a sentence that begins with its release. */
export const HARM_WORDS: Readonly<Record<Exclude<Metric, 'crashes'>, string>> = {
  errors: 'with an error',
  refusals: 'with a refusal (4xx)',
  latency: 'too late',
}
