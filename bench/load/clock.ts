import { parentPort } from 'node:worker_threads'

/** A thread that says every half millisecond that time has passed, and sleeps in between. */
const EVERY_MS = 0.5

const nobodyWakesIt = new Int32Array(new SharedArrayBuffer(4))
for (;;) {
  Atomics.wait(nobodyWakesIt, 0, 0, EVERY_MS)
  parentPort?.postMessage(0, [])
}
