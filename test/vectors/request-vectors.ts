import { chunkVectors } from './chunk-vectors.ts'
import { cveVectors } from './cve-vectors.ts'
import { fieldVectors } from './field-vectors.ts'
import { framingVectors } from './framing-vectors.ts'
import { hostVectors } from './host-vectors.ts'
import { lineVectors } from './line-vectors.ts'
import type { RequestVector } from './vector.ts'

/** The number of fields that the vectors are written for. */
export const MOST_FIELDS = 100

export const requestVectors: readonly RequestVector[] = [
  ...lineVectors,
  ...hostVectors,
  ...fieldVectors,
  ...framingVectors,
  ...chunkVectors,
  ...cveVectors,
]
