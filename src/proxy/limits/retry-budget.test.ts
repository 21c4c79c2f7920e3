import { describe, expect, it } from 'vitest'
import { RetryBudget } from './retry-budget.ts'

function budgetOf(requests: number, share?: number) {
  const made = { requests }
  const budget = new RetryBudget(() => made.requests)
  budget.obey(share)
  const taken = (tries: number) => {
    let count = 0
    for (let each = 0; each < tries; each += 1) if (budget.take()) count += 1
    return count
  }
  return { made, budget, taken }
}

describe('the retry budget', () => {
  it('allows a few to a service with little traffic', () => {
    const { budget, taken } = budgetOf(5)
    expect(taken(50)).toBe(10)
    expect(budget.refused).toBe(40)
  })

  it('allows a fifth of the requests unless told otherwise', () => {
    expect(budgetOf(1000).taken(500)).toBe(200)
    expect(budgetOf(1000, 500).taken(500)).toBe(50)
  })

  it('allows none when its share is nothing', () => {
    expect(budgetOf(1000, 0).taken(5)).toBe(0)
  })

  it('forgets requests and retries that are long ago', () => {
    const { budget, made, taken } = budgetOf(1000)
    expect(taken(500)).toBe(200)
    budget.sweep(10_000)
    expect(taken(500)).toBe(0)
    budget.sweep(15_000)
    expect(taken(500)).toBe(10)
    made.requests += 500
    expect(taken(500)).toBe(90)
  })
})
