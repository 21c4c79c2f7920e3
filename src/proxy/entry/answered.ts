import type { RequestSink } from '../plane/request-sink.ts'

const nothing = (): void => undefined

/** The sink of a request that is answered as soon as its head is there, by `answer`, and takes no body. */
export function answered(answer: () => void): RequestSink {
  return {
    start: answer,
    requestBytes: nothing,
    requestEnd: nothing,
    requestBroken: nothing,
    clientGone: nothing,
    clientDrained: nothing,
    sweep: nothing,
  }
}
