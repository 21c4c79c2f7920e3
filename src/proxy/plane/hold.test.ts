import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../test/support/plane-under-test.ts'
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts'
import { Hold, type Held, type Place } from './hold.ts'

const limits = { ...LIMITS, holdRequests: 10_000 }

function uploadOf(bytes: number): RequestHead {
  const text = `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n`
  const head = parseRequestHead(text, { bodyBytes: 1e9 })
  if (head.kind !== 'request') throw new Error(head.reason)
  return head
}

function newHold() {
  const tallies = { held: 0, released: 0 }
  return { hold: new Hold(tallies), tallies }
}

/** Waits again as long as `finds` says no. */
class Waiter implements Held {
  readonly head: RequestHead
  readonly #hold: Hold
  readonly #finds: () => boolean
  place: Place | undefined

  constructor(hold: Hold, bytes: number, finds = () => true) {
    this.head = uploadOf(bytes)
    this.#hold = hold
    this.#finds = finds
    this.place = hold.add(this, undefined, limits)
  }

  retry(): void {
    if (!this.#finds()) this.place = this.#hold.add(this, this.place, limits)
  }

  expire(): void {
    this.#hold.delete(this)
  }
}

describe('a hold', () => {
  it('is bounded by the memory that bodies may take, and takes more when some have left', () => {
    const { hold } = newHold()
    const waiters: Waiter[] = []
    for (let waiter = new Waiter(hold, 1e9); waiter.place; waiter = new Waiter(hold, 1e9))
      waiters.push(waiter)
    expect(waiters.length).toBe(1024)
    expect(new Waiter(hold, 0).place).toBeDefined()
    for (const waiter of waiters.slice(0, 3)) hold.delete(waiter)
    expect(new Waiter(hold, 1e9).place).toBeDefined()
  })

  it('keeps the place of who still finds nobody', () => {
    const { hold, tallies } = newHold()
    let isFree = false
    const went: number[] = []
    const finds = (at: number) => () => {
      if (at !== 1 && !isFree) return false
      went.push(at)
      return true
    }
    const waiters = [0, 1, 2].map((at) => new Waiter(hold, 0, finds(at)))
    expect(waiters.every(({ place }) => place)).toBe(true)
    hold.letGo(() => 'go')
    expect(went).toEqual([1])
    isFree = true
    hold.letGo(() => 'go')
    expect(went).toEqual([1, 0, 2])
    expect(tallies).toEqual({ held: 3, released: 3 })
    expect(hold.size).toBe(0)
  })

  it('lets nobody pass before who may go, and asks no further once nobody may', () => {
    const { hold } = newHold()
    const waiters = [0, 1, 2].map((bytes) => new Waiter(hold, bytes))
    hold.letGo((head) => (head === waiters[0]?.head ? 'stay' : 'nobody'))
    expect(hold.size).toBe(3)
    hold.letGo((head) => (head === waiters[0]?.head ? 'stay' : 'go'))
    expect(hold.size).toBe(1)
  })

  it('ends the time of who has waited for long enough', () => {
    const { hold } = newHold()
    const waiter = new Waiter(hold, 0)
    hold.sweep(performance.now())
    expect(hold.size).toBe(1)
    hold.sweep(performance.now() + LIMITS.holdMs + 1)
    expect(hold.size).toBe(0)
    expect(waiter.place).toBeDefined()
  })
})
