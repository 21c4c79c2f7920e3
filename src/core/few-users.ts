import type { Few } from './judge.ts'

/** In plain words, what a judge waits for that has seen many errors of hardly anybody, and what may be behind it. */
export function fewUsersText({ incidents, users }: Few): string {
  return (
    `${incidents} errors, all of ${users === 1 ? 'one user' : 'two users'}; ` +
    'if a balancer is in front, name it in clients.trust: its users are one as long as it is not'
  )
}
