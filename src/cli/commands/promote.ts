import type { Command } from 'commander'
import { tellRollout } from '../tell-rollout.ts'

export function promote(): Command {
  return tellRollout({
    name: 'promote',
    description: 'Be content: end the hold that the rollout is in, or the next one',
    heard: 'the hold is over; watch it: midflight status --watch',
    takesReason: 'no',
  }).option('--full', 'end every hold until the new release has all traffic')
}
