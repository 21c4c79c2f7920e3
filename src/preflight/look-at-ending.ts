import type { Look } from './worry.ts'

/** Whether an instance that is told to stop finishes what runs on it, and ends. */
export const lookAtEnding: Look = ({ release, trial }) => {
  const { stop } = release.spec
  const ending = trial?.ending
  if (ending?.wasKilled)
    return [
      {
        what: `an instance on trial still ran ${stop.killMs / 1000} s after ${stop.signal} and was killed`,
        why: 'each instance that is replaced takes that long, and what runs on it then is cut',
        hint: `Let the app end on ${stop.signal} when its requests are finished, or give it longer: stop: { kill: 30s }`,
      },
    ]
  if (ending?.hasFinished !== false) return []
  return [
    {
      what: `an instance on trial left a request without an answer: it ended ${Math.round(ending.ms)} ms after ${stop.signal}`,
      why: 'requests that last longer than stop.drain are cut when their instance is replaced',
      hint: `On ${stop.signal}, accept nothing new, finish what runs, then exit; in Node: process.on('${stop.signal}', () => server.close())`,
    },
  ]
}
