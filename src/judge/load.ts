/** A change of the traffic that is more than chance. */
const TIMES = 1.2
const REQUESTS_PER_SECOND = 5

/** What the candidate has to carry. */
export interface Carried {
  /** Of the traffic, what the route gives it, 0 to 1. */
  readonly share: number
  /** Unset where nothing new was seen. */
  readonly perSecond?: number
}

/** Whether the candidate has to carry clearly more than before. */
export class Load {
  #share = 0
  #perSecond = 0

  /** True once for each rise. */
  rises({ share, perSecond = this.#perSecond }: Carried): boolean {
    const isMore = share > this.#share || isClearlyMore(perSecond, this.#perSecond)
    this.#share = share
    if (isMore || isClearlyMore(this.#perSecond, perSecond)) this.#perSecond = perSecond
    return isMore
  }
}

function isClearlyMore(perSecond: number, before: number): boolean {
  return perSecond > Math.max(before * TIMES, before + REQUESTS_PER_SECOND)
}
