import { ALL, type BasisPoints } from './names.ts'

/** A number of instances, or a share of the wanted number. */
export type Portion = number | { readonly share: BasisPoints }

/** How many instances a portion of `whole` is: rounded up, so that a share above 0 is at least one. */
export function countOf(portion: Portion, whole: number): number {
  return typeof portion === 'number' ? portion : Math.ceil((portion.share * whole) / ALL)
}
