import { setTimeout as sleep } from 'node:timers/promises'
import type { Strand } from '../../src/prove/arrivals.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import type { Workspace } from '../../src/prove/demo/workspace.ts'
import { judge, type ProofReport } from '../../src/prove/judge.ts'
import { type Load, startLoad } from '../../src/prove/load.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'

const PER_SECOND = 120
const ENOUGH = 60

/** Users of a service: GET and POST on kept and fresh connections, uploads, downloads, WebSockets, events. */
export interface Traffic {
  readonly load: Load
  /** Resolves when so many more were answered. */
  more(requests?: number): Promise<void>
  /** Lets what is in flight end and holds what the users saw against what the app did. Asked again, the same. */
  proof(): Promise<ProofReport>
  abort(): void
}

/** Resolves when the first users were served. */
export async function trafficOn(
  { listen, ledger }: Workspace,
  mix: readonly Strand[] = demoMix({ perSecond: PER_SECOND, run: `test-${Date.now()}` }),
): Promise<Traffic> {
  const stop = new AbortController()
  const load = startLoad(listen, { mix, appMarks: 'always', signal: stop.signal })
  let proven: Promise<ProofReport> | undefined
  const more = async (requests = ENOUGH) => {
    const mark = load.mark('more')
    while (load.countsSince(mark).requests < requests) await sleep(20)
  }
  const prove = async () => {
    await more()
    return judge(await load.stop(), await readLedger(ledger))
  }
  await more()
  return {
    load,
    more,
    proof: () => (proven ??= prove()),
    abort: () => {
      stop.abort()
    },
  }
}
