import { describe, expect, it } from 'vitest'
import { notice } from '../../../../test/contract/notifier.ts'
import { mailOf } from './mail-of.ts'

const from = 'midflight@shop.example'

describe('a mail', () => {
  it.each([
    ['begun', '[midflight] shop: rollout of v2 has begun (rollout 7)'],
    ['paused', '[midflight] shop: rollout of v2 pauses (rollout 7)'],
    ['promoted', '[midflight] shop: v2 is live (rollout 7)'],
    ['undone', '[midflight] shop: v2 was taken back (rollout 7)'],
    ['stuck', '[midflight] shop: STUCK: v2 could not be taken back (rollout 7)'],
  ] as const)('says in its subject that a rollout is %s', (occasion, subject) => {
    expect(mailOf({ ...notice, occasion }, { from }).subject).toBe(subject)
  })

  it('is another mail for another Midflight with a rollout of the same number', () => {
    const later = { ...notice, atMs: notice.atMs + 1 }
    expect(mailOf(later, { from }).messageId).not.toBe(mailOf(notice, { from }).messageId)
  })

  it('says of a first release that it is one', () => {
    const { from: _, by: __, because: ___, ...first } = notice
    const { text } = mailOf(first, { from })
    expect(text).toContain('Release:  v2 (the first one)')
    expect(text).toContain('Asked by: nobody said (deploy)')
    expect(text).not.toContain('Why:')
  })
})
