import { realpath, rename } from 'node:fs/promises'
import type { Abortable, Clock } from '../../../core/clock.ts'
import type { ReleaseId, ServiceName } from '../../../core/names.ts'
import type { Release, Workshop } from '../../../core/release.ts'
import type { Runtime } from '../../../core/runtime.ts'
import type { ServiceSpec } from '../../../core/service.ts'
import { removeSealed } from '../../../lib/remove-sealed.ts'
import { buildRelease } from './build-release.ts'
import { copyTree } from './copy-tree.ts'
import { killFamily } from './end-family.ts'
import { badName, inUse, missing, problemOf, taken } from './release-problems.ts'
import { removeLogs } from './remove-logs.ts'
import { seal } from './seal.ts'
import { exists, halfReleasePath, makePrivate, releasePath, releasesPath } from './state-paths.ts'
import { syncTree } from './sync-tree.ts'
import { treeDigest } from './tree-digest.ts'

export interface ProcessWorkshopOptions {
  /** Where the copies are kept, below `releases/`. */
  readonly stateDirectory: string
  readonly clock: Clock
  /** Asked before a release is removed. */
  readonly runtime: Pick<Runtime, 'list'>
}

/** Makes releases as sealed copies of a directory on this machine. */
export function processWorkshop(options: ProcessWorkshopOptions): Workshop {
  return {
    make: (spec, id, abortable = {}) => make(options, { spec, id }, abortable),
    remove: (release) => remove(options, release),
  }
}

async function make(
  { stateDirectory: state, clock }: ProcessWorkshopOptions,
  { spec, id }: { readonly spec: ServiceSpec; readonly id: ReleaseId },
  abortable: Abortable,
): Promise<Release> {
  const directory = pathOf(state, spec.name, id)
  const half = halfReleasePath(state, spec.name, id)
  const plan = { service: spec.name, id, directory, spec, madeAtMs: clock.now() }
  if (await exists(directory)) throw taken(plan)
  if (!(await exists(spec.directory))) throw missing(plan)
  try {
    await makePrivate(releasesPath(state, spec.name))
    // What a make that was killed left: first the build that may still write there, then the files.
    await killFamily({ token: half }, clock)
    await removeSealed(half)
    await copyTree({ from: spec.directory, to: half, without: await realpath(state) }, abortable)
    if (spec.build !== undefined) await buildRelease({ state, release: plan, clock }, abortable)
    await seal(half)
    const digest = await treeDigest(half, abortable)
    await syncTree(half)
    await rename(half, directory)
    return { ...plan, digest }
  } catch (error) {
    await removeSealed(half)
    throw problemOf(error, plan)
  }
}

async function remove(
  { stateDirectory: state, runtime }: ProcessWorkshopOptions,
  { service, id }: Pick<Release, 'service' | 'id'>,
): Promise<void> {
  const directory = pathOf(state, service, id)
  const half = halfReleasePath(state, service, id)
  const users = (await runtime.list(service)).filter(
    (instance) => instance.release === id && instance.state.kind === 'running',
  )
  if (users.length > 0) throw inUse(id, users)
  await removeSealed(half)
  // Renamed first: under its own name a release is whole or not there, also when the removal is cut short.
  if (await exists(directory)) await rename(directory, half)
  await removeSealed(half)
  await removeLogs(state, service, id)
}

/** A name with a slash or a leading dot could lead out of the directory of releases. */
function pathOf(state: string, service: ServiceName, id: ReleaseId): string {
  if (!/^[A-Za-z0-9_-][\w.-]*$/.test(id)) throw badName(id)
  return releasePath(state, service, id)
}
