import type { Instance } from '../../../core/instance.ts'
import type { ReleaseId } from '../../../core/names.ts'
import { Problem } from '../../../core/problem.ts'
import type { Release } from '../../../core/release.ts'

type Planned = Pick<Release, 'service' | 'id' | 'directory' | 'spec'>

export function badName(id: ReleaseId): Problem {
  return new Problem('release-name-invalid', {
    message: `a release cannot be named ${JSON.stringify(id)}`,
    hint: 'use letters, digits, `.`, `_` and `-`, and do not begin with a dot',
    data: { release: id },
  })
}

export function taken({ id, directory }: Planned): Problem {
  return new Problem('release-exists', {
    message: `there is a release ${id} already: ${directory}`,
    hint: 'a release never changes after it was made: give the new one another name, or remove the old one',
    data: { release: id, directory },
  })
}

export function missing({ spec }: Planned): Problem {
  return new Problem('directory-missing', {
    message: `there is no directory ${spec.directory}`,
    hint: 'see the path given to `midflight deploy`, or where midflight.yaml lies',
    data: { directory: spec.directory },
  })
}

export function inUse(id: ReleaseId, users: readonly Instance[]): Problem {
  const instances = users.map((instance) => instance.id)
  return new Problem('release-in-use', {
    message: `release ${id} is in use by ${instances.join(', ')}`,
    hint: 'stop these instances first, or wait until their release is no longer served',
    data: { release: id, instances },
  })
}

/** What went wrong while a release was made, in words where the system only gave a code. */
export function problemOf(error: unknown, { id, spec, directory }: Planned): unknown {
  const { code, path = spec.directory } = error as { code?: unknown; path?: string }
  const data = { release: id, directory: spec.directory, path }
  switch (error instanceof Problem ? undefined : code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Problem('disk-full', {
        message: `no room for release ${id} in ${directory} (${String(code)})`,
        hint: 'free some space there, then deploy again; what was copied has been removed and nothing else was changed',
        data,
        cause: error,
      })
    case 'EROFS':
      return new Problem('disk-read-only', {
        message: `nothing may be written where release ${id} would lie: ${path} is read-only (${String(code)})`,
        hint: 'see what the system says of that disk (dmesg, mount) and make it writable, then deploy again; nothing was changed',
        data,
        cause: error,
      })
    case 'EACCES':
    case 'EPERM':
      return new Problem('directory-unreadable', {
        message: `${path} may not be used by this user (${String(code)})`,
        hint: 'give this user the right to read everything in the service’s directory and to write into the state directory',
        data,
        cause: error,
      })
    case 'ENOENT':
      return new Problem('directory-changed', {
        message: `${path} went away while ${spec.directory} was copied`,
        hint: 'deploy again when nothing else writes there',
        data,
        cause: error,
      })
    default:
      return error
  }
}
