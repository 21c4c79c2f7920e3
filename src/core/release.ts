import type { ReleaseId, ServiceName } from './names.ts'
import type { Abortable } from './clock.ts'
import type { ServiceSpec } from './service.ts'

/** One immutable version of a service. It never changes after it was made; a rollback needs nothing else. */
export interface Release {
  readonly service: ServiceName
  readonly id: ReleaseId
  /** The immutable copy its instances run in. */
  readonly directory: string
  /** The service's file as it was when the release was made. Holds secrets: never print `spec.env`. */
  readonly spec: ServiceSpec
  readonly madeAtMs: number
  /** A digest over all files, so that two equal releases can be told. */
  readonly digest: string
}

/** Makes and removes the immutable copies. Which releases exist is the store's to know. */
export interface Workshop {
  /**
   * Copies `spec.directory`, runs `spec.build` in the copy, and seals it (read-only). A crash leaves no half release:
   * the copy gets its name when it is complete. Rejects with a Problem when the directory is missing, the disk is full,
   * the name is taken by other files, or the build fails.
   */
  make(spec: ServiceSpec, id: ReleaseId, options?: Abortable): Promise<Release>
  /** Removes the copy. Repeating is safe. Rejects with `release-in-use` while an instance of it runs. */
  remove(release: Pick<Release, 'service' | 'id'>, options?: Abortable): Promise<void>
}
