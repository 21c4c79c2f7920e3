import { describe, expect, it } from 'vitest'
import { LIMITS as USUAL } from '../../../test/support/plane-under-test.ts'
import { RequestIntake } from './request-intake.ts'

const LIMITS = { ...USUAL, headBytes: 32_768, bodyBytes: 100_000 }

/** An upload whose head is always the same, whatever the body. */
function upload(body: string, target = '/'): string {
  return `POST ${target} HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\n${body}`
}

/** Takes one request in, and tells its target and what came behind its head. */
function taken(intake: RequestIntake, text: string): readonly [string, string | undefined] {
  const bytes = Buffer.from(text, 'latin1')
  const head = intake.headIn(bytes, bytes.length, LIMITS)
  const target = head?.kind === 'request' ? head.target : String(head?.reason)
  return [target, intake.takeAll()?.toString('latin1')]
}

describe('a head that comes again', () => {
  it('leaves the body behind it, each time the one that came with it', () => {
    const intake = new RequestIntake()

    expect(taken(intake, upload('aaaa'))).toEqual(['/', 'aaaa'])
    expect(taken(intake, upload('bbbb'))).toEqual(['/', 'bbbb'])
    expect(taken(intake, upload('cccc', '/c'))).toEqual(['/c', 'cccc'])
    expect(taken(intake, upload(''))).toEqual(['/', undefined])
  })

  it('is not taken from a body that looks like one', () => {
    const intake = new RequestIntake()
    const again = upload('').replace('Content-Length: 4', 'Content-Length: 77')
    const inside = upload(again)

    expect(taken(intake, again)).toEqual(['/', undefined])
    expect(taken(intake, inside)).toEqual(['/', again])
  })

  it('is looked at anew when it says another length', () => {
    const intake = new RequestIntake()

    expect(taken(intake, upload('aaaa'))).toEqual(['/', 'aaaa'])
    expect(taken(intake, upload('').replace(': 4', ': x'))[0]).toMatch('Content-Length')
  })

  it('loses nothing of what follows it, however long it is', () => {
    const [bare, padded] = [upload(''), 8192]
    const long = bare.replace('a.example', `${'a'.repeat(padded - bare.length)}a.example`)
    const intake = new RequestIntake()

    expect(long).toHaveLength(padded)
    expect(taken(intake, long)).toEqual(['/', undefined])
    expect(taken(intake, `${long}body`)).toEqual(['/', 'body'])
  })
})
