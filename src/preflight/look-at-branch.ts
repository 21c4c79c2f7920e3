import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Look } from './worry.ts'

const run = promisify(execFile)

const FAR = 20
const PATIENCE_MS = 5_000
/** The first that is there is the main branch. */
const MAIN = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']

/** Whether the directory is a work tree of git that lacks much of what its main branch has. Nothing is fetched. */
export const lookAtBranch: Look = async ({ release }, { signal }) => {
  const { directory } = release.spec
  for (const branch of MAIN) {
    const behind = await commitsBehind(directory, branch, signal)
    if (behind === undefined) continue
    if (behind < FAR) return []
    return [
      {
        what: `${directory} is ${behind} commits behind ${branch}`,
        why: 'what others have mended since then goes out of service again',
        hint: `Take it in first: git merge ${branch}`,
      },
    ]
  }
  return []
}

/** Unset where there is no git, no repository or no such branch. */
async function commitsBehind(
  directory: string,
  branch: string,
  signal?: AbortSignal,
): Promise<number | undefined> {
  try {
    const { stdout } = await run('git', ['rev-list', '--count', `HEAD..${branch}`, '--'], {
      cwd: directory,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
      timeout: PATIENCE_MS,
      ...(signal && { signal }),
    })
    return Number(stdout)
  } catch {
    // Nothing to compare with is no doubt; only the caller's own end is passed on.
    signal?.throwIfAborted()
    return undefined
  }
}
