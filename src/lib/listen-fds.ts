const FIRST = 3

/**
 * The descriptors of sockets that systemd bound for this process (sd_listen_fds(3)); none when they were meant for
 * another process, from which the environment was only inherited.
 */
export function listenFds(
  { LISTEN_PID, LISTEN_FDS }: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
): readonly number[] {
  const count = Number(LISTEN_FDS)
  if (LISTEN_PID !== String(pid) || !Number.isInteger(count) || count <= 0) return []
  return Array.from({ length: count }, (_, at) => FIRST + at)
}
