/** What `sh` does itself (POSIX XCU 2.9.4, 2.14 and the common built-ins): `exec` would look for a program of that name. */
const OWN_WORDS = new Set(
  (
    'if then else elif fi do done case esac while until for in break continue eval exec exit export readonly return set ' +
    'shift source times trap unset alias bg cd command fg getopts hash jobs read type ulimit umask wait'
  ).split(' '),
)

/**
 * The command as `sh -c` gets it. A single program replaces the shell, so that the pid is the app's own, its exit status
 * too, and no shell stands between it and a signal; anything more than that stays as it was written.
 */
export function shellCommand(run: string): string {
  const program = /^\s*([\w./-]+)(?:\s|$)/.exec(run)?.[1]
  const isSingle = !/[;&|()`\n]/.test(run)
  return program && isSingle && !OWN_WORDS.has(program) && program !== '.' ? `exec ${run}` : run
}
