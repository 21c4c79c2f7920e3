/** Clients that heed the hint never send a request into a connection that is just being closed. */
export function keepAliveLines(keepAliveMs: number): string {
  const seconds = Math.floor(keepAliveMs / 1000)
  return seconds < 1
    ? 'Connection: keep-alive\r\n'
    : `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`
}
