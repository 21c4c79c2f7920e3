import type { Verdict } from '../core/gate.ts'
import type { PassGate } from '../core/plan.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { askOutside } from './pass-gate.ts'

/**
 * Asks the gates that are to be asked during a step beside its watching, each at least once. Whoever is not content
 * first decides; the others are let go of.
 */
export function besideGates(watching: Steps['ask-gate']): Steps['ask-gate'] {
  return {
    ...watching,
    describe: (data) =>
      [watching.describe(data), ...(data.during ?? []).map(({ gate }) => gate)].join(', ask '),
    do: async (data, world, options) => {
      if (!data.during?.length) return watching.do(data, world, options)
      const over = new AbortController()
      const signals = options.signal ? [options.signal, over.signal] : [over.signal]
      const inner = { ...options, signal: AbortSignal.any(signals) }
      const asked = data.during.map((gate) => keepAsking(gate, world, inner))
      const all = Promise.all(asked.map(({ first }) => first))
      const watched = watching.do(data, world, inner)
      const content = watched.then(async (verdict) => {
        if (verdict.kind === 'yes') await all
        return verdict
      })
      const ends = [content, ...asked.map(({ doubt }) => doubt)]
      try {
        return await Promise.race(ends)
      } finally {
        over.abort()
        await Promise.allSettled([watched, all, ...ends])
      }
    },
  }
}

interface Asked {
  /** Resolves with the first answer. */
  readonly first: Promise<Verdict>
  /** Resolves with the first answer that is not yes. */
  readonly doubt: Promise<Verdict>
}

function keepAsking(gate: PassGate, world: World, options: StepOptions): Asked {
  const { report: _, ...quiet } = options
  const first = askOutside(gate, world, quiet)
  const doubt = async (): Promise<Verdict> => {
    let verdict = await first
    while (verdict.kind === 'yes') {
      await world.clock.sleep(
        await pauseOf(gate, world),
        options.signal ? { signal: options.signal } : {},
      )
      verdict = await askOutside(gate, world, quiet)
    }
    return verdict
  }
  return { first, doubt: doubt() }
}

async function pauseOf({ release, gate }: PassGate, world: World): Promise<number> {
  const { gates = [] } = (await world.release(release)).spec.rollout
  return gates.find(({ name }) => name === gate)?.everyMs ?? 0
}
