import { expect, it } from 'vitest'
import { head, loadText } from '../../test/support/load-text.ts'
import { specSchema } from './spec-schema.ts'

it.each([
  head,
  `${head}listen: false\nready: { alive: 10s }\n`,
  `${head}
notify:
  - { webhook: "https://ops.example/hook", secret: s3cret, on: [begun] }
  - { slack: "https://hooks.slack.example/T/B/X" }
  - { email: [a@b.example, root@localhost], from: m@b.example, server: "smtps://u:p@mail.example", tls: required }
`,
  `${head}
rollout:
  gates:
    - { command: npm run smoke, at: start }
    - { webhook: { url: "https://ci.example/gate", headers: { authorization: secret } }, at: 25%, no-answer: undo }
    - { prometheus: { url: "http://prometheus:9090", query: up, min: 1, max: 2 }, when: during, every: 10s }
    - { approval: Ada, at: end }
    - { traffic: 500, when: after }
    - { windows: [{ days: mon-thu, from: 09:00, to: 24:00 }], freezes: [{ from: 2026-12-20, to: 2027-01-02, why: holidays }] }
`,
  `${head}
build: npm ci
listen: 443
protocol: http2
reach: socket
ready: { check: grpc }
clients: { proxy-protocol: true, trust: [10.0.0.0/8] }
tls: { redirect: 80, hsts: {}, acme: { hosts: [shop.example], email: a@b.example } }
balance: { policy: round-robin }
sticky: { by: ip }
user: cookie:uid
rules:
  - when:
      header: { a: 1, b: 2*, c: ~3, d: '*' }
      cookie: { a: 1 }
      query: { a: 1 }
      path: /a
      method: GET
      client: 10.0.0.0/8
      country: DE
      user: alice
    to: candidate
  - { when: { path: / }, to: { release: v3 } }
mirror: {}
asset-fallback: [/assets/]
access-log: 1%
stop: { stay: 5s, spread: 20s, reconnects: 100 }
limits: { min-rate: 1KiB, connections-per-address: 50, rate: { requests: 50, by: header:a }, release-rate: 200 }
`,
])('what the file means crosses the API as it is: %s', async (text) => {
  const spec = await loadText(text)
  expect(specSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
})

it('a key that no service has does not cross', async () => {
  const spec = await loadText(head)
  expect(specSchema.safeParse({ ...spec, traffic: { ...spec.traffic, magic: 1 } }).success).toBe(
    false,
  )
})
