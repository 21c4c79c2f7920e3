import type { BenchCertificate } from './certificate.ts'
import type { Cores } from './cores.ts'
import type { OriginKind, Origins } from './origin/origins.ts'
import type { EntryKind, Peer } from './peers/peer.ts'
import { type RunningPeer, startPeer } from './peers/start-peer.ts'
import type { Stage } from './stage.ts'

export interface TrialTerms {
  readonly stage: Stage
  readonly certificate: BenchCertificate
  readonly origins: Origins
  readonly cores: Cores
  readonly seconds: number
}

/** One run of one case with one proxy. */
export class Trial {
  readonly terms: TrialTerms
  readonly #peer: Peer
  #running: RunningPeer | undefined

  constructor(peer: Peer, terms: TrialTerms) {
    this.terms = terms
    this.#peer = peer
  }

  /** Starts the proxy; it ends with the trial. Rejects with its last words when it does not come up. */
  async start(entry: EntryKind, origin: OriginKind): Promise<RunningPeer> {
    const { stage, certificate, origins, cores } = this.terms
    const options = { stage, certificate, core: cores.proxy, entry, origin: origins[origin] }
    this.#running = await startPeer(this.#peer, options)
    return this.#running
  }

  async end(): Promise<void> {
    await this.#running?.stop()
  }
}
