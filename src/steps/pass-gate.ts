import type { Answer } from '../core/asking.ts'
import { no, type OutsideGate, type Verdict } from '../core/gate.ts'
import type { PassGate } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { StepOptions, Steps, World } from '../core/step.ts'
import { enoughTraffic } from './enough-traffic.ts'

/** Asks somebody outside whether the rollout may go on. */
export const passGate: Steps['pass-gate'] = {
  do: async (data, world, options) => askOutside(data, world, options),

  // A question changes nothing, and an old answer is none.
  undo: async () => undefined,
  verify: async () => false,

  describe: ({ gate, asks, moment }) =>
    `ask ${gate === asks ? gate : `${gate} (${asks})`} ${moment}`,
}

/** Asks a gate once, and says what its answer, or that there is none, means for the rollout. */
export async function askOutside(
  data: PassGate,
  world: World,
  options: StepOptions,
): Promise<Verdict> {
  const release = await world.release(data.release)
  const gate = release.spec.rollout.gates?.find(({ name }) => name === data.gate)
  if (!gate) throw unknownGate(data)
  const { question, timeoutMs } = gate
  const asking = { ...options, ...(timeoutMs !== undefined && { timeoutMs }) }
  if (question.kind === 'traffic')
    return verdictOf(await enoughTraffic(question, data, world, asking), gate, data)
  options.report?.(`waiting for ${gate.name}`)
  const { from, moment: step } = data
  const occasion = { release, step, ...(from !== undefined && { from }) }
  return verdictOf(await world.ask(question, occasion, asking), gate, data)
}

function verdictOf(answer: Answer, { noAnswer }: OutsideGate, data: PassGate): Verdict {
  switch (answer.kind) {
    case 'yes':
      return answer
    case 'no':
      return no(refused(data, answer.why))
    case 'later':
      return { kind: 'hold', reason: `${data.gate}: ${answer.why}`, untilMs: answer.untilMs }
    case 'none':
      return unanswered(data, answer.why, noAnswer)
  }
}

function unanswered(data: PassGate, why: string, noAnswer: OutsideGate['noAnswer']): Verdict {
  const what = `${data.gate} gave no answer ${data.moment}: ${why}`
  if (noAnswer === 'go-on') return { kind: 'yes', note: what }
  if (noAnswer === 'hold')
    return {
      kind: 'hold',
      reason: `${what}; midflight resume asks again, midflight promote goes on without it`,
    }
  return no(
    new Problem('gate-unanswered', {
      message: what,
      hint: `See why it does not answer, and deploy again. To wait for a person instead: no-answer: hold at the gate ${data.gate}.`,
      data: { gate: data.gate, asks: data.asks, moment: data.moment, why },
    }),
  )
}

function refused({ gate, asks, moment, release }: PassGate, why: string): Problem {
  return new Problem('gate-refused', {
    message: `${gate} said no to ${release} ${moment}: ${why}`,
    hint: 'Mend what it found, and deploy again. Everything is as it was before.',
    data: { gate, asks, moment, release, why },
  })
}

function unknownGate({ gate, release }: PassGate): Problem {
  return new Problem('gate-unknown', {
    message: `the plan asks the gate ${gate}, and the file of ${release} has none of that name`,
    hint: 'The state comes from another version of Midflight. Deploy again.',
    data: { gate, release },
  })
}
