/** What one check found. A bad one says why in words. */
export type Finding =
  | { readonly good: true }
  | { readonly good: false; readonly reason: string; readonly unreachable?: true }

export const GOOD: Finding = { good: true }

export function bad(reason: string): Finding {
  return { good: false, reason }
}

/** No connection could be made: there is nobody who could answer a request either. */
export function unreachable(reason: string): Finding {
  return { good: false, reason, unreachable: true }
}
