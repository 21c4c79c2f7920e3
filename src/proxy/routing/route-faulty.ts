import { Problem } from '../../core/problem.ts'

/** The route cannot be obeyed because of what stands at `place`, as midflight.yaml has it: `rules[1].when.path`. */
export function routeFaulty(place: string, fault: string, cause?: unknown): Problem {
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  return new Problem('route-faulty', {
    message: `the route is refused: ${place}: ${fault}${why}`,
    hint: 'Nothing was changed. Correct the route and apply it again.',
    data: { place, fault },
    cause,
  })
}
