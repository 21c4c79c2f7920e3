import { ALL, type BasisPoints } from '../core/names.ts'

/** Reads `5%` or `0.01%` as basis points. `undefined` for anything else: no `%`, more than two decimals, beyond 100%. */
export function parseShare(text: string): BasisPoints | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%$/.exec(text.trim())
  if (!match) return undefined
  const share = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return share <= ALL ? share : undefined
}

/** 500 is `5%`, 1 is `0.01%`. */
export function formatShare(share: BasisPoints): string {
  return `${share / 100}%`
}
