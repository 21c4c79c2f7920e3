import { describe, expect, it } from 'vitest'
import type { Gate, Occasion } from '../../src/core/asking.ts'
import type { Question } from '../../src/core/gate.ts'
import { aServiceIn } from '../support/a-release.ts'

/** Makes a question that a gate answers in one way. */
export type Case<Asked> = () => Promise<Asked> | Asked

/** A driver of the port, and how to bring it to each of its answers; what it cannot answer is left out. */
export interface GateUnderTest<Asked extends Question> {
  readonly gate: Gate<Asked>
  readonly yes: Case<Asked>
  /** A question that only a person answers. */
  readonly isForPeople?: true
  readonly no?: Case<Asked>
  readonly silent?: Case<Asked>
  readonly nonsense?: Readonly<Record<string, Case<Asked>>>
}

export const SECRET = 'correct-horse-battery'

export const occasion: Occasion = {
  rollout: 7,
  release: {
    service: 'shop',
    id: 'v2',
    directory: '/tmp',
    spec: aServiceIn('/tmp', { env: { GREETING: 'hello', TOKEN: SECRET } }),
    madeAtMs: 0,
    digest: '',
  },
  from: 'v1',
  step: 'before 25%',
}

/** What every gate promises. */
export function itIsAGate<Asked extends Question>(
  name: string,
  { gate, yes, no, silent, nonsense = {}, isForPeople }: GateUnderTest<Asked>,
): void {
  const content = isForPeople ? { hurry: AbortSignal.abort() } : {}

  describe(name, () => {
    it('says yes', async () => {
      const answer = await gate.ask(await yes(), occasion, { timeoutMs: 10_000, ...content })
      expect(answer.kind).toBe('yes')
    })

    if (no)
      it('says no, and why', async () => {
        const answer = await gate.ask(await no(), occasion, { timeoutMs: 10_000 })
        expect(answer).toEqual({ kind: 'no', why: expect.stringMatching(/./) as string })
      })

    if (silent)
      it('has no answer when none came in time', async () => {
        const answer = await gate.ask(await silent(), occasion, { timeoutMs: 50 })
        expect(answer).toEqual({ kind: 'none', why: expect.stringMatching(/./) as string })
      })

    it.each(Object.entries(nonsense))('makes no answer of %s', async (_, question) => {
      const answer = await gate.ask(await question(), occasion, { timeoutMs: 10_000 })
      expect(answer).toEqual({ kind: 'none', why: expect.stringMatching(/./) as string })
      expect(JSON.stringify(answer)).not.toContain(SECRET)
    })

    it('ends with the reason of an abort', async () => {
      const over = new AbortController()
      const asking = gate.ask(await (silent ?? yes)(), occasion, { signal: over.signal })
      if (!silent) await asking
      over.abort(new Error('asked to'))
      if (silent) await expect(asking).rejects.toThrow('asked to')
      await expect(gate.ask(await yes(), occasion, { signal: over.signal })).rejects.toThrow(
        'asked',
      )
    })
  })
}
