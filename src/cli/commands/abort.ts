import type { Command } from 'commander'
import { tellRollout } from '../tell-rollout.ts'

export function abort(): Command {
  return tellRollout({
    name: 'abort',
    description: 'Take the running rollout back',
    heard: 'it is being taken back; watch it: midflight status --watch',
    takesReason: 'yes',
    takesGroup: 'yes',
  })
}
