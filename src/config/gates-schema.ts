import { z } from 'zod'
import type { OutsideGate } from '../core/gate.ts'
import { gateSchema, type UnnamedGate } from './gate-schema.ts'

/** Who else is asked whether a rollout may go on. */
export const gatesSchema: z.ZodType<readonly OutsideGate[]> = z
  .array(gateSchema, { error: 'must be a list of gates such as [{ command: npm run smoke }]' })
  .transform(named)
  .prefault([])
  .describe('Who else is asked whether the rollout may go on')

function named(gates: readonly UnnamedGate[], context: z.RefinementCtx): OutsideGate[] {
  const names = namesOf(gates)
  for (const [index, name] of names.entries()) {
    const earlier = names.indexOf(name)
    if (earlier === index) continue
    const message = `must be another name: gates[${earlier}] above has it`
    context.addIssue({ code: 'custom', path: [index, 'name'], message })
  }
  return gates.map((gate, index) => ({ ...gate, name: names[index] ?? '' }))
}

/** `webhook`, and the next one `webhook-2`. */
function namesOf(gates: readonly UnnamedGate[]): string[] {
  const wanted = gates.map(({ name, question }) => name ?? question.kind)
  return wanted.map((name, index) => {
    const count = wanted.slice(0, index).filter((each) => each === name).length
    return count === 0 || gates[index]?.name !== undefined ? name : `${name}-${count + 1}`
  })
}
