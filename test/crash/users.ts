import type { Strand } from '../../src/prove/arrivals.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import { judge } from '../../src/prove/judge.ts'
import { type Load, startLoad } from '../../src/prove/load.ts'
import type { Failure } from '../../src/prove/load-result.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'
import type { Lane } from './lane.ts'
import type { Blow } from './blows.ts'

const PER_SECOND = 40

/** Users of a lane, from now on: GET and POST on kept and on fresh connections, and WebSockets. */
export function usersOf({ workspace }: Lane, run: string): Load {
  const short = demoMix({ perSecond: PER_SECOND, run }).slice(0, 4)
  const sockets: Strand = {
    perSecond: 3,
    make: () => ({ kind: 'websocket', path: '/ws', lastsMs: 200, talk: 'echo' }),
  }
  // A machine that is busy may be slow; what counts is that nothing fails.
  return startLoad(workspace.listen, {
    mix: [...short, sockets],
    appMarks: 'always',
    timeoutMs: 30_000,
  })
}

/** What users met that they must not meet when this befalls. */
export async function harmOf(load: Load, lane: Lane, blow: Blow): Promise<string[]> {
  const proof = judge(await load.stop(), await readLedger(lane.workspace.ledger))
  const { failures, bad, lost, duplicated, corrupted } = proof
  const harmed = failures.filter((each) => !isOwed(each, blow))
  return [
    ...harmed.slice(0, 3).map((each) => JSON.stringify(each)),
    ...(harmed.length > 3 ? [`and ${harmed.length - 3} more failed`] : []),
    ...Object.keys(bad).map((version) => `${version} answered with errors`),
    ...lost.map((id) => `${id} was lost`),
    ...duplicated.map((id) => `${id} was done twice`),
    ...corrupted.map((id) => `${id} was changed`),
  ]
}

/** A POST that a killed instance may have begun is answered 502, and its WebSockets end with it. */
function isOwed({ kind, reason }: Failure, blow: Blow): boolean {
  if (blow !== 'old instance' && blow !== 'new instance') return false
  if (kind === 'websocket') return true
  return (kind === 'post' || kind === 'post-fresh') && reason === 'the proxy answered 502'
}
