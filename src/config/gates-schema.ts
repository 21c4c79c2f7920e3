import { z } from 'zod'
import type { OutsideGate, Question } from '../core/gate.ts'
import { ALL } from '../core/names.ts'
import { TOKEN } from './key-schema.ts'
import { duration, share, text, whole } from './scalar-schema.ts'
import { freeze, window } from './window-schema.ts'

const ASKED = ['command', 'webhook', 'prometheus', 'approval', 'traffic'] as const
const KINDS = 'command, webhook, prometheus, approval, traffic, or windows and freezes'

const headers = z
  .record(
    z.string().regex(TOKEN, { error: 'must be a field name such as authorization' }),
    text('text'),
    {
      error: 'must be a mapping such as { authorization: "Bearer ${TOKEN}" }',
    },
  )
  .default({})
  .describe('Fields of the request')

const url = z
  .string({ error: 'must be a URL such as https://ci.example/gate' })
  .refine((written) => /^https?:$/.test(URL.parse(written)?.protocol ?? ''), {
    error: 'must be a URL such as https://ci.example/gate',
  })

const address = z.strictObject({
  url: url.describe('The URL that is asked').meta({ examples: ['https://ci.example/gate'] }),
  headers,
})

const number = z.number({ error: 'must be a number' })

const prometheus = z
  .strictObject(
    {
      url: url
        .describe('The Prometheus server, without `/api/v1/query`')
        .meta({ examples: ['http://prometheus:9090'] }),
      headers,
      query: text('a query such as up').describe(
        'What is asked (PromQL). `{{service}}`, `{{release}}` and `{{from}}` stand for their names. Must come to one number',
      ),
      min: number.optional().describe('Less than this is no'),
      max: number.optional().describe('More than this is no'),
    },
    { error: 'must be a mapping such as { url: http://prometheus:9090, query: up, min: 1 }' },
  )
  .refine(({ min, max }) => min !== undefined || max !== undefined, {
    error: 'must have min or max, or every answer would be yes',
  })

const at = z
  .union([z.enum(['start', 'end']), share({ from: 1, to: ALL })], {
    error: 'must be a share such as 25%, start or end',
  })
  .transform((place) => (place === 'end' ? ALL : place))

const gate = z
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
      webhook: z
        .union([url.transform((each) => ({ url: each, headers: {} })), address], {
          error: 'must be a URL, or a mapping such as { url: https://ci.example/gate }',
        })
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

type Written = z.output<typeof gate>

/** Who else is asked whether a rollout may go on. */
export const gatesSchema: z.ZodType<readonly OutsideGate[]> = z
  .array(gate, { error: 'must be a list of gates such as [{ command: npm run smoke }]' })
  .superRefine(refuseTwice)
  .transform((gates) => gates.map((each, index) => outsideGate(each, nameOf(gates, index))))
  .prefault([])
  .describe('Who else is asked whether the rollout may go on')

function list<T>(one: z.ZodType<T>, example: string): z.ZodType<readonly T[]> {
  const error = `must be a list such as ${example}`
  return z.array(one, { error }).min(1, { error })
}

function refuseContradiction(written: Written, context: z.RefinementCtx): void {
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message })
  }
  const kinds = kindsOf(written)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) return refuse([], `must ask one thing: ${KINDS}`)
  if (written.when === 'during' && ['approval', 'traffic', 'window'].includes(kind))
    refuse(['when'], 'must be before or after, where it waits')
  if (written.at === 'start' && written.when !== 'before')
    refuse(['at'], 'must be a share or end: only before is there a start')
  if (written.at === 'start' && kind === 'traffic')
    refuse(['at'], 'must be a share or end: at the start it has no traffic')
}

function refuseTwice(gates: readonly Written[], context: z.RefinementCtx): void {
  const names = gates.map((_, index) => nameOf(gates, index))
  for (const [index, name] of names.entries()) {
    const earlier = names.indexOf(name)
    if (earlier === index) continue
    const message = `must be another name: gates[${earlier}] above has it`
    context.addIssue({ code: 'custom', path: [index, 'name'], message })
  }
}

function kindsOf(written: Written): Question['kind'][] {
  const asked = ASKED.filter((kind) => written[kind] !== undefined)
  return written.windows || written.freezes ? [...asked, 'window'] : asked
}

/** `webhook`, and the next one `webhook-2`. */
function nameOf(gates: readonly Written[], index: number): string {
  const own = gates[index]
  if (own?.name !== undefined) return own.name
  const unnamed = gates.map((each) => each.name ?? kindsOf(each)[0] ?? 'gate')
  const kind = unnamed[index] ?? 'gate'
  const count = unnamed.slice(0, index).filter((each) => each === kind).length
  return count === 0 ? kind : `${kind}-${count + 1}`
}

/** Who waits for a person, a day or for users does not give up by itself. */
const TIMEOUT_MS = 30_000

function outsideGate(written: Written, name: string): OutsideGate {
  const question = questionOf(written)
  const waits = ['approval', 'traffic', 'window'].includes(question.kind)
  const timeoutMs = written.timeout ?? (waits ? undefined : TIMEOUT_MS)
  return {
    name,
    when: written.when,
    ...(written.at !== undefined && { at: written.at }),
    question,
    ...(timeoutMs !== undefined && { timeoutMs }),
    everyMs: written.every,
    noAnswer: written['no-answer'],
  }
}

function questionOf(written: Written): Question {
  const { command, webhook, approval, traffic, windows = [], freezes = [] } = written
  if (command !== undefined) return { kind: 'command', run: command }
  if (webhook) return { kind: 'webhook', ...webhook }
  if (written.prometheus) return prometheusQuestion(written.prometheus)
  if (approval !== undefined) return { kind: 'approval', of: approval }
  if (traffic !== undefined) return { kind: 'traffic', requests: traffic }
  return { kind: 'window', windows, freezes }
}

function prometheusQuestion({ min, max, ...rest }: z.output<typeof prometheus>): Question {
  return {
    kind: 'prometheus',
    ...rest,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
}
