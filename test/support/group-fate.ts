import type { GroupMark } from '../../src/core/group.ts'
import type { JournalMark } from '../../src/core/journal.ts'

/** An entry of the journals of a group and of its members; `open` and `close` are entries too. */
export type Entry =
  `${'group' | 'member'} ${GroupMark['mark'] | JournalMark['mark'] | 'open' | 'close'}`

/** Before or after an entry is on the disk; entries are counted from 0. */
export interface Moment {
  readonly entry: number
  readonly when: 'before' | 'after'
}

/** What a controller tells of: an entry that is on the disk, or one that the disk did not take. */
export type Told = { readonly entry: Entry } | { readonly refused: Entry }

/** What is to happen to the controller that is told so: it dies at this moment, or tells of every entry. */
export type Plot = { readonly dieAt: Moment } | 'tell' | 'live'

/** Ends this process around what it writes, as its plot says. */
class GroupFate {
  #plot: Plot = 'live'
  #entry = 0

  /** Counts from here: the next entry is the first one. */
  follow(plot: Plot): void {
    this.#plot = plot
    this.#entry = 0
  }

  async around<T>(entry: Entry, write: () => Promise<T>): Promise<T> {
    this.#reach('before')
    const result = await write().catch((error: unknown) => {
      if (this.#plot === 'tell') process.send?.({ refused: entry })
      throw error
    })
    this.#reach('after')
    if (this.#plot === 'tell') process.send?.({ entry })
    this.#entry += 1
    return result
  }

  #reach(when: Moment['when']): void {
    if (typeof this.#plot === 'string') return
    const { dieAt } = this.#plot
    if (dieAt.entry === this.#entry && dieAt.when === when) process.kill(process.pid, 'SIGKILL')
  }
}

/** The one of this process: the store finds it here, since what calls the store is the program as it is. */
export const groupFate: GroupFate = new GroupFate()
