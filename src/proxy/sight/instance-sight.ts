import type { InstanceId, ReleaseId } from '../../core/names.ts'
import type { SightCell } from '../../core/sight.ts'
import { CellCounts } from './cell-counts.ts'
import type { CellDelta } from './sight-delta.ts'

const STATUSES = 6

/** The answers of one instance, by kind. What is kept of a kind is made with its first answer, and used again. */
export class InstanceSight {
  readonly #release: ReleaseId
  readonly #instance: InstanceId
  readonly #onChange: (sight: InstanceSight) => void
  readonly #cells: (CellCounts | undefined)[] = []
  readonly #changed: number[] = []

  constructor(release: ReleaseId, instance: InstanceId, onChange: (sight: InstanceSight) => void) {
    this.#release = release
    this.#instance = instance
    this.#onChange = onChange
  }

  /** `status` is 0 where the instance owed the answer or broke off in it. Times since the head of the request was read. */
  count(method: string, status: number, firstByteMs: number, wholeMs: number): void {
    const kind = (isRead(method) ? 0 : STATUSES) + ((status / 100) | 0)
    const cell = (this.#cells[kind] ??= new CellCounts())
    if (!cell.add(firstByteMs, wholeMs)) return
    if (this.#changed.length === 0) this.#onChange(this)
    this.#changed.push(kind)
  }

  /** What came since it was last taken. */
  take(): CellDelta[] {
    return this.#changed.splice(0).flatMap((kind) => {
      const cell = this.#cells[kind]
      if (!cell) return []
      const [release, instance] = [this.#release, this.#instance]
      return [{ release, instance, ...kindOf(kind), ...cell.take() }]
    })
  }
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE'
}

function kindOf(kind: number): Pick<SightCell, 'methods' | 'status'> {
  return {
    methods: kind < STATUSES ? 'reads' : 'writes',
    status: (kind % STATUSES) as SightCell['status'],
  }
}
