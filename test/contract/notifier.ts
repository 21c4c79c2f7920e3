import { describe, expect, it } from 'vitest'
import type { Notice, Notifier } from '../../src/core/notifier.ts'
import type { NotifySpec } from '../../src/core/notify-spec.ts'
import { Problem } from '../../src/core/problem.ts'

/** Stands in every URL and password, and may come out nowhere. */
export const SECRET = 'T0PS3CRET'

export const notice: Notice = {
  id: 'shop-7-undone',
  occasion: 'undone',
  atMs: 1_790_000_000_000,
  service: 'shop',
  rollout: 7,
  kind: 'deploy',
  from: 'v1',
  to: 'v2',
  by: 'anna',
  text: 'shop: rollout 7 to v2 was taken back: <5 of 40> & more',
  because: { code: 'release-worse', message: 'v2 is worse than v1', hint: 'Mend it.' },
}

export interface NotifierUnderTest<Spec extends NotifySpec> {
  readonly notifier: Notifier<Spec>
  /** A recipient that takes what it gets, and what it got. */
  readonly takes: () => Promise<{ readonly spec: Spec; readonly got: () => string }>
  /** Recipients that do not, for many reasons; each repeats what it was sent. */
  readonly refuses: Readonly<Record<string, () => Promise<Spec>>>
  readonly silent: () => Promise<Spec>
}

/** What every notifier promises. */
export function itIsANotifier<Spec extends NotifySpec>(
  name: string,
  { notifier, takes, refuses, silent }: NotifierUnderTest<Spec>,
): void {
  describe(name, () => {
    it('brings the words', async () => {
      const { spec, got } = await takes()
      await notifier.send(spec, notice, {})
      expect(got()).toContain('shop: rollout 7 to v2 was taken back')
    })

    it.each(Object.entries(refuses))('says that %s, and no secret', async (_, refusing) => {
      const spec = await refusing()
      const failure: unknown = await notifier
        .send(spec, notice, {})
        .catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(Problem)
      expect(failure).toMatchObject({ code: 'notice-undelivered' })
      expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET)
    })

    it('waits no longer than its signal lets it', async () => {
      const spec = await silent()
      const over = new AbortController()
      const sending = notifier.send(spec, notice, { signal: over.signal })
      over.abort(new Error('time is over'))
      await expect(sending).rejects.toThrow('time is over')
    })
  })
}
