import { expect, it } from 'vitest'
import type { Explanation } from '../core/explanation.ts'
import { describedRequest } from './described-request.ts'
import { explanationText } from './explanation-text.ts'

const EXPLAINED: Explanation = {
  request: { method: 'GET', path: '/cart', headers: [], client: '203.0.113.7' },
  rules: [
    {
      to: 'candidate (v2)',
      outcome: 'not-matched',
      parts: [{ wanted: 'header x-beta is "1"', holds: false }],
    },
    {
      to: 'stable (v1)',
      outcome: 'not-matched',
      parts: [
        { wanted: 'method is GET', found: 'GET', holds: true },
        { wanted: 'path begins with "/old"', found: '/cart', holds: false },
      ],
    },
  ],
  user: { by: 'application-cookie', key: 'ann', cohort: { release: 'v2', from: 0.17321 } },
  releases: [
    {
      release: 'v1',
      share: 7500,
      instances: [{ id: 'shop.v1.0', state: 'serving', health: 'up', ready: true, requests: 12 }],
    },
    {
      release: 'v2',
      share: 2500,
      instances: [
        { id: 'shop.v2.0', state: 'serving', health: 'up', ready: true, requests: 3 },
        {
          id: 'shop.v2.1',
          state: 'serving',
          health: 'down',
          reason: 'connection refused',
          ready: false,
          requests: 0,
        },
      ],
    },
  ],
  decidedBy: 'cohort',
  release: 'v2',
  instance: 'shop.v2.0',
}

it('says where a request goes first, and then why', () => {
  const text = explanationText(EXPLAINED)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
  expect(text).toMatchInlineSnapshot(`
    "GET /cart from 203.0.113.7 goes to shop.v2.0, because its user is in the cohort of v2

    rule 1 to candidate (v2): does not match
      no  header x-beta is "1": the request has none
    rule 2 to stable (v1): does not match
      yes method is GET: it is "GET"
      no  path begins with "/old": it is "/cart"
    user: "ann" by the application's cookie; on v2 from a share of 17.32% on

    release  share  instance   health                    running
    v1       75%    shop.v1.0  up                        12
    v2       25%    shop.v2.0  up                        3        ← here
                    shop.v2.1  down: connection refused  0"
  `)
})

it('says what the chances are where it is drawn', () => {
  const { release: _, instance: __, user: ___, ...rest } = EXPLAINED
  const text = explanationText({ ...rest, decidedBy: 'draw' })
  expect(text.split('\n')[0]).toBe(
    'GET /cart from 203.0.113.7 goes to v1 (75.00%) or v2 (25.00%) by chance',
  )
})

it('reads a request as a person writes it', () => {
  const words = { header: ['Cookie: a=1; b=2', 'X-Url:http://a/'], client: '::1' }
  expect(describedRequest({ ...words, explain: 'post /cart?a=1' })).toEqual({
    method: 'POST',
    path: '/cart?a=1',
    headers: [
      ['Cookie', 'a=1; b=2'],
      ['X-Url', 'http://a/'],
    ],
    client: '::1',
  })
  expect(describedRequest({ ...words, explain: '/' }).method).toBe('GET')
})

it.each([
  ['cart', [], '::1'],
  ['GET', [], '::1'],
  ['GET /', ['no header'], '::1'],
  ['GET /', [], 'nobody'],
])('refuses to guess what %s with %j from %s means', (explain, header, client) => {
  const refused = expect.objectContaining({ code: 'request-unreadable' })
  expect(() => describedRequest({ explain, header, client })).toThrow(refused)
})
