import type { Command } from 'commander'
import { tellRollout } from '../tell-rollout.ts'

export function pause(): Command {
  return tellRollout({
    name: 'pause',
    description: 'Stop the rollout before its next step; traffic stays as it is',
    heard: 'it pauses before its next step: midflight resume goes on',
    takesReason: 'yes',
  })
}
