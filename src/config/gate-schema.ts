import { z } from 'zod'
import type { OutsideGate, Question } from '../core/gate.ts'
import { ALL } from '../core/names.ts'
import { prometheus } from './prometheus-schema.ts'
import { duration, share, text, whole } from './scalar-schema.ts'
import { webhook } from './webhook-schema.ts'
import { freeze, window } from './window-schema.ts'

/** A gate of the file; who has no name gets one beside the others. */
export type UnnamedGate = Omit<OutsideGate, 'name'> & Partial<Pick<OutsideGate, 'name'>>

/** Who waits for a person, a day or for users does not give up by itself. */
const WAITING: readonly Question['kind'][] = ['approval', 'window', 'traffic']
const TIMEOUT_MS = 30_000

const at = z
  .union([z.enum(['start', 'end']), share({ from: 1, to: ALL })], {
    error: 'must be a share such as 25%, start or end',
  })
  .transform((place) => (place === 'end' ? ALL : place))

const written = z
  .strictObject(
    {
      name: text('a name').optional().describe('What it is called; after its kind unless said'),
      when: z
        .enum(['before', 'during', 'after'], { error: 'must be before, during or after' })
        .default('before')
        .describe(
          'Whether it is asked before traffic moves, while the step is watched, or after it',
        ),
      at: at
        .optional()
        .describe(
          'The first step that gives the new release this share; `end` is 100%; `start` is before anything happens. Each step unless said',
        )
        .meta({ examples: ['25%'] }),
      command: text('a command such as npm run smoke')
        .optional()
        .describe(
          'A command on this machine, run by `sh` in the release’s directory: exit status 0 is yes',
        )
        .meta({ examples: ['npm run smoke'] }),
      webhook: webhook
        .optional()
        .describe('A server that is asked by POST: 2xx is yes, 4xx is no')
        .meta({ examples: ['https://ci.example/gate'] }),
      prometheus: prometheus.optional().describe('A query that must not go beyond a limit'),
      approval: text('who approves')
        .optional()
        .describe('Who is to say `midflight promote`')
        .meta({ examples: ['the release manager'] }),
      traffic: whole({ from: 1, to: 1_000_000_000 })
        .optional()
        .describe('Requests that the new release must have got in this rollout'),
      windows: list(window, '[{ days: mon-thu, from: 09:00, to: 16:00 }]')
        .optional()
        .describe('When it may go on: each week, in any of these'),
      freezes: list(freeze, '[{ from: 2026-12-20, to: 2027-01-02 }]')
        .optional()
        .describe('Days on which it may not'),
      timeout: duration({ from: 1 })
        .optional()
        .describe('A later answer is none. `30s` unless said; people and traffic have time'),
      every: duration({ from: 100 })
        .prefault('30s')
        .describe('How often it is asked, where it is asked `during` a step'),
      'no-answer': z
        .enum(['undo', 'hold', 'go-on'], { error: 'must be undo, hold or go-on' })
        .default('hold')
        .describe('What to do without an answer; `hold` pauses until a person decides'),
    },
    { error: 'must be a mapping such as { command: npm run smoke }' },
  )
  .superRefine(refuseContradiction)

type Written = z.output<typeof written>

/** One gate: who is asked, when, and what happens without an answer. */
export const gateSchema: z.ZodType<UnnamedGate> = written.transform(outsideGate)

function list<T>(one: z.ZodType<T>, example: string): z.ZodType<readonly T[]> {
  const error = `must be a list such as ${example}`
  return z.array(one, { error }).min(1, { error })
}

function refuseContradiction(gate: Written, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message })
  }
  const [question, another] = questionsIn(gate)
  if (!question || another) return refuse([], `must ask one thing: ${KINDS}`)
  const { kind } = question
  if (gate.when === 'during' && WAITING.includes(kind))
    refuse(['when'], 'must be before or after, where it waits')
  if (gate.at === 'start' && gate.when !== 'before')
    refuse(['at'], 'must be a share or end: only before is there a start')
  if (gate.at === 'start' && kind === 'traffic')
    refuse(['at'], 'must be a share or end: at the start it has no traffic')
}

const KINDS = 'command, webhook, prometheus, approval, traffic, or windows and freezes'

function questionsIn(gate: Written): Question[] {
  const { command, approval, traffic, windows = [], freezes = [] } = gate
  const found: (Question | undefined)[] = [
    command === undefined ? undefined : { kind: 'command', run: command },
    gate.webhook,
    gate.prometheus,
    approval === undefined ? undefined : { kind: 'approval', of: approval },
    traffic === undefined ? undefined : { kind: 'traffic', requests: traffic },
    gate.windows || gate.freezes ? { kind: 'window', windows, freezes } : undefined,
  ]
  return found.filter((question) => question !== undefined)
}

function outsideGate(gate: Written, context: z.RefinementCtx): UnnamedGate {
  const [question] = questionsIn(gate)
  if (!question) {
    context.addIssue(`must ask one thing: ${KINDS}`)
    return z.NEVER
  }
  const timeoutMs = gate.timeout ?? (WAITING.includes(question.kind) ? undefined : TIMEOUT_MS)
  return {
    ...(gate.name !== undefined && { name: gate.name }),
    when: gate.when,
    ...(gate.at !== undefined && { at: gate.at }),
    question,
    ...(timeoutMs !== undefined && { timeoutMs }),
    everyMs: gate.every,
    noAnswer: gate['no-answer'],
  }
}
