import type { Command } from 'commander'
import { tellRollout } from '../tell-rollout.ts'

export function resume(): Command {
  return tellRollout({
    name: 'resume',
    description: 'Go on with a paused rollout',
    heard: 'it goes on; watch it: midflight status --watch',
    takesReason: 'no',
  })
}
