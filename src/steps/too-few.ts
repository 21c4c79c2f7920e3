import { Problem } from '../core/problem.ts'
import type { Weights } from '../core/route.ts'
import type { Shortage } from './capacity.ts'

export function tooFew({ release, ready, needed }: Shortage, to: Weights): Problem {
  return new Problem('release-not-ready', {
    message: `${ready} of the ${needed} instances that ${release} needs for its share are ready (${shareOf(to)})`,
    hint: `See its output: midflight logs ${release}`,
    data: { release, ready, needed, weights: to },
  })
}

export function shareOf(weights: Weights): string {
  const shares = Object.entries(weights).toSorted(([a], [b]) => a.localeCompare(b))
  return shares.map(([release, share]) => `${share / 100}% → ${release}`).join(', ') || 'nothing'
}
