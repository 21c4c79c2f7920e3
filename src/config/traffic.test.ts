import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'

const trafficOf = async (text: string) => (await loadText(`${head}${text}`)).traffic

describe('how traffic is treated', () => {
  it('is, unless said, HTTP/2 too, outliers out, and long connections closed one by one at the end of a drain', async () => {
    expect(await trafficOf('')).toEqual({
      entry: { http2: true, proxyProtocol: false, trusted: [] },
      balance: {
        policy: 'least-loaded',
        slowStartMs: 0,
        requestsPerInstance: 0,
        outliers: {
          consecutive: 5,
          share: 5_000,
          requests: 20,
          intervalMs: 10_000,
          ejectMs: 30_000,
          mostMs: 300_000,
          ejected: 5_000,
        },
      },
      ending: { stayMs: 22_500, spreadMs: 7_500, reconnectsPerSecond: 0 },
    })
  })

  it('holds nothing of what is switched off', async () => {
    const text =
      'clients: { http2: false }\nbalance: { outliers: off }\nrules: []\naccess-log: 0%\nstop: { drain: 0s }'
    expect(await trafficOf(text)).toEqual({
      balance: { policy: 'least-loaded', slowStartMs: 0, requestsPerInstance: 0 },
    })
  })

  it('may say everything', async () => {
    const spec = await loadText(`${head}
listen: 443
protocol: http2
reach: socket
ready: { check: grpc }
clients: { http2: true, proxy-protocol: true, trust: [10.0.0.0/8, '::1'] }
tls:
  min: TLSv1.3
  redirect: 127.0.0.1:80
  hsts: { max-age: 400d, subdomains: true, preload: true }
  acme: { hosts: [Shop.example], email: ops@shop.example, directory: https://ca.example/dir, challenge: http-01 }
balance: { policy: round-robin, slow-start: 30s, requests: 64, outliers: { eject: 5s, most: 5s } }
sticky: { by: cookie:session, for: 0s, scope: release }
user: header:X-User-Id
mirror: { to: { release: v3 }, share: 0.5%, methods: [GET], body: 1KiB, ignore: [Date] }
asset-fallback: [/assets/]
access-log: 1%
stop: { stay: 5s, spread: 20s, reconnects: 100 }
limits: { fields: 64, min-rate: 1KiB, connections-per-address: 50, rate: { requests: 50, burst: 100 }, retries: 10%, release-rate: 200 }
`)
    expect(spec).toMatchObject({
      protocol: 'http2',
      reach: 'socket',
      ready: { check: 'grpc' },
      limits: {
        fields: 64,
        bytesPerSecond: 1_024,
        connectionsPerAddress: 50,
        rate: { perSecond: 50, burst: 100, by: { kind: 'address' } },
        retries: 1_000,
        releasedPerSecond: 200,
      },
    })
    expect(spec.traffic).toEqual({
      entry: {
        http2: true,
        proxyProtocol: true,
        trusted: ['10.0.0.0/8', '::1'],
        tls: {
          certificates: [],
          minVersion: 'TLSv1.3',
          redirect: { host: '127.0.0.1', port: 80 },
          hsts: { maxAgeMs: 400 * 86_400_000, subdomains: true, preload: true },
          acme: {
            hosts: ['shop.example'],
            email: 'ops@shop.example',
            directory: 'https://ca.example/dir',
            challenge: 'http-01',
          },
        },
      },
      balance: {
        policy: 'round-robin',
        slowStartMs: 30_000,
        requestsPerInstance: 64,
        outliers: expect.objectContaining({ ejectMs: 5_000, mostMs: 5_000 }),
      },
      sticky: { by: { kind: 'application-cookie', name: 'session' }, forMs: 0, scope: 'release' },
      lookups: { user: { kind: 'header', name: 'x-user-id' } },
      mirror: {
        to: { release: 'v3' },
        share: 50,
        methods: ['GET'],
        bodyBytes: 1_024,
        ignoredFields: ['date'],
      },
      assets: ['/assets/'],
      ending: { stayMs: 5_000, spreadMs: 20_000, reconnectsPerSecond: 100 },
      logged: 100,
    })
  })

  it('reads what rules ask for: the same, a beginning, a pattern, or only that it is there', async () => {
    const traffic = await trafficOf(`
user: cookie:uid
rules:
  - when:
      header: { X-Beta: 1, user-agent: ~CanaryBot, x-v: pre*, x-any: '*' }
      cookie: { Plan: true }
      query: { preview: '' }
      path: /beta/*
      method: GET
      client: [192.0.2.0/24, 2001:db8::/32]
      country: de
      user: [42, alice]
    to: candidate
  - { when: { method: [PUT, POST] }, to: stable }
  - { when: { path: '~[.]php$' }, to: { release: v3 } }
`)
    expect(traffic?.rules).toEqual([
      {
        when: {
          header: {
            'x-beta': { kind: 'exact', value: '1' },
            'user-agent': { kind: 'pattern', value: 'CanaryBot' },
            'x-v': { kind: 'prefix', value: 'pre' },
            'x-any': { kind: 'present' },
          },
          cookie: { Plan: { kind: 'exact', value: 'true' } },
          query: { preview: { kind: 'exact', value: '' } },
          path: { kind: 'prefix', value: '/beta/' },
          methods: ['GET'],
          clients: ['192.0.2.0/24', '2001:db8::/32'],
          countries: ['DE'],
          users: ['42', 'alice'],
        },
        to: 'candidate',
      },
      { when: { methods: ['PUT', 'POST'] }, to: 'stable' },
      { when: { path: { kind: 'pattern', value: '[.]php$' } }, to: { release: 'v3' } },
    ])
  })

  it.each([
    ['sticky: cookie', { by: { kind: 'cookie' }, forMs: 86_400_000, scope: 'instance' }],
    ['sticky: ip', { by: { kind: 'address' }, forMs: 86_400_000, scope: 'instance' }],
    ['sticky: {}', { by: { kind: 'cookie' }, forMs: 86_400_000, scope: 'instance' }],
  ])('%s is enough', async (text, sticky) => {
    expect((await trafficOf(text))?.sticky).toEqual(sticky)
  })

  it.each([
    ['stop: { drain: 0s }', undefined],
    ['stop: { drain: 30s }', { stayMs: 22_500, spreadMs: 7_500, reconnectsPerSecond: 0 }],
    ['stop: { drain: 4m }', { stayMs: 230_000, spreadMs: 10_000, reconnectsPerSecond: 0 }],
    ['stop: { spread: 5s }', { stayMs: 25_000, spreadMs: 5_000, reconnectsPerSecond: 0 }],
    ['stop: { stay: 5s }', { stayMs: 5_000, spreadMs: 10_000, reconnectsPerSecond: 0 }],
    ['stop: { stay: 25s }', { stayMs: 25_000, spreadMs: 5_000, reconnectsPerSecond: 0 }],
    ['stop: { reconnects: 9 }', { stayMs: 22_500, spreadMs: 7_500, reconnectsPerSecond: 9 }],
    [
      'stop: { drain: 4s, reconnects: 9 }',
      { stayMs: 3_000, spreadMs: 1_000, reconnectsPerSecond: 9 },
    ],
  ])('%s fills drain with what is not said', async (text, ending) => {
    expect((await trafficOf(text))?.ending).toEqual(ending)
  })
})

const rule = (when: string) => `rules: [{ when: { ${when} }, to: candidate }]`

describe('what cannot be', () => {
  it.each([
    [
      rule('header: { x: "~(" }'),
      '3:32: rules[0].when.header.x must be a regular expression of RE2',
    ],
    [rule('header: { x: "~a(?=b)" }'), 'must be a regular expression of RE2 after ~ (invalid'],
    [rule('header: { x: "~" }'), 'must have a regular expression after ~'],
    [rule('header: { "x y": 1 }'), 'must be a field name such as x-beta'],
    [rule('header: { X: 1, x: 2 }'), 'rules[0].when.header must have each name once'],
    [rule('heder: { x: 1 }'), '3:19: unknown key "heder" in rules[0].when'],
    [rule('header: {}'), 'must be a mapping of at least one name and value'],
    [rule(''), 'rules[0].when must say at least one thing'],
    [
      rule('method: []'),
      'rules[0].when.method must be a method such as GET, or a list of at least one',
    ],
    [rule('method: get'), 'must be a method such as GET, in capitals, is "get"'],
    [rule('method: [CONNECT]'), 'CONNECT is refused'],
    [rule('country: [DE, UK]'), '3:33: rules[0].when.country[1] must be a country of two letters'],
    [rule('client: 10.0.0.0/33'), 'must be an address range such as 10.0.0.0/8, is "10.0.0.0/33"'],
    [rule('path: beta'), 'must begin with /'],
    [rule('user: 42'), '3:25: rules[0].when.user can never match while nothing names the user'],
    [
      `rules:\n  - { when: { path: /a }, to: candidate }\n  - { when: { path: /a, method: GET }, to: stable }`,
      '5:13: rules[1].when can never match: rules[0] above takes all that it would',
    ],
    [
      rule('path: /a?b=1'),
      '3:25: rules[0].when.path can never match: a path comes without ? and #',
    ],
    [rule('path: /ä*'), 'rules[0].when.path can never match'],
    [
      'rules: [{ when: { path: / }, to: { release: no name } }]',
      'rules[0].to.release must be a release such as v3',
    ],
    ['rules: [{ when: { path: / }, to: canidate }]', '3:34: rules[0].to must be candidate, stable'],
    ['sticky: cokie', 'sticky must be cookie, cookie:session, header:x-user-id or ip, is "cokie"'],
    ['user: cookie', 'user must be header:x-user-id or cookie:session'],
    ['mirror: { share: 0% }', 'mirror.share must be a share'],
    ['mirror: { to: { release: "" } }', 'mirror.to.release must be a release such as v3'],
    ['tls: {}', '3:6: tls must have certificates or acme'],
    ['tls: { acme: { hosts: ["*.a.example"] } }', 'and no wildcard'],
    [
      'tls: { acme: { hosts: [a.example], challenge: http-01 } }',
      'tls.redirect must listen at port 80',
    ],
    ['tls: { acme: { hosts: [a.example] }, redirect: 8080 }', 'must be another port than listen'],
    [
      'tls: { acme: { hosts: [a.example], directory: "http://a" } }',
      'a URL that begins with https',
    ],
    [
      'tls: { acme: { hosts: [a.example] }, hsts: { preload: true } }',
      'must be false without subdomains',
    ],
    ['balance: { outliers: on }', 'balance.outliers must be off, or a mapping'],
    [
      'balance: { outliers: { eject: 10m } }',
      'balance.outliers.most must not be shorter than eject',
    ],
    ['balance: { outliers: { consecutive: 0 } }', 'must be a whole number from 1 to 10000'],
    ['clients: { trust: [1.2.3] }', 'clients.trust[0] must be an address range'],
    ['stop: { stay: 20s, spread: 20s }', '3:15: stop.stay must fit into drain'],
    ['stop: { spread: 31s }', '3:17: stop.spread must fit into drain'],
    ['ready: { check: grpc }', 'ready.check must be http or tcp, or protocol: http2'],
    ['limits: { rate: { burst: 5 } }', 'limits.rate.requests is missing'],
    [
      'limits: { rate: { requests: 5, by: cookie } }',
      'must be ip, header:x-user-id or cookie:session',
    ],
    ['asset-fallback: [assets]', 'asset-fallback[0] must be a path such as /assets/'],
    ['access-log: 1', 'access-log must be a share'],
  ])('is refused with its place: %s', async (text, words) => {
    const { code, message } = await problemIn(`${head}${text}`)
    expect(code).toBe('config-invalid')
    expect(message).toContain(words)
  })
})
