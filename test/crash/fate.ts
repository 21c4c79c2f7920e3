import { once } from 'node:events'
import type { JournalMark } from '../../src/core/journal.ts'
import type { Moment, Plot, Told } from './plot.ts'

type Entry = JournalMark | { readonly mark: 'open' | 'close'; readonly step?: never }

/** Ends or stops this process around what it writes, as its plot says. */
class Fate {
  #plot: Plot = {}
  #entry = 0

  /** Counts from here: the next entry is the first one. */
  follow(plot: Plot): void {
    this.#plot = plot
    this.#entry = 0
  }

  async around<T>(entry: Entry, write: () => Promise<T>): Promise<T> {
    await this.#reach('before', entry)
    const result = await write()
    await this.#reach('after', entry)
    this.#entry += 1
    return result
  }

  async #reach(when: Moment['when'], { mark, step }: Entry): Promise<void> {
    const { at, each, step: awaited } = this.#plot
    const moment = { entry: this.#entry, when }
    const isThere = at?.entry === moment.entry && at.when === when
    if (isThere && at.act === 'die') process.kill(process.pid, 'SIGKILL')
    if (isThere) this.#plot = awaited === undefined ? {} : { step: awaited }
    if (isThere || each) await tell({ told: 'moment', what: mark, ...moment })
    if (when === 'after' && mark === 'begun' && step === awaited) await tell({ told: 'step' })
  }
}

/** The one of this process: the store finds it here, since what calls the store is the program as it is. */
export const fate: Fate = new Fate()

async function tell(what: Told): Promise<void> {
  const goOn = once(process, 'message')
  process.send?.(what)
  await goOn
}
