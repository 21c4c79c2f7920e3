import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { certificate } from '../support/certificate.ts'
import { type Because, everybodyGets, itIsUndone, itRefuses, itRuns } from '../support/claims.ts'
import { datedCertificate, ENDED, NOT_BEGUN } from '../support/dated-certificate.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import { deploys } from '../support/happenings.ts'

const pair = (cert: string, key: string) => ({ tls: { certificates: [{ cert, key }] } })
const rules = (...all: readonly object[]) => ({
  rules: all.map((when) => ({ when, to: 'candidate' })),
})

interface Mistake {
  readonly what: string
  readonly file: Readonly<Record<string, unknown>>
  readonly because: Because
}

/** A fault in midflight.yaml itself. */
const fault = (message: RegExp, hint: RegExp): Because => ({
  code: 'config-invalid',
  message: new RegExp(`^midflight\\.yaml:\\d+:\\d+: ${message.source}$`),
  hint,
})

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a certificate that is none',
    file: pair('./junk.pem', './shop.key.pem'),
    because: {
      code: 'named-file-unusable',
      message:
        /^midflight\.yaml:\d+:\d+: tls\.certificates\[0\]\.cert "?\.\/junk\.pem"? holds no cert/,
      hint: /-----BEGIN CERTIFICATE-----/,
    },
  },
  {
    what: 'the key of another certificate',
    file: pair('./shop.pem', './other.key.pem'),
    because: {
      code: 'named-file-unusable',
      message:
        /^midflight\.yaml:\d+:\d+: tls\.certificates\[0\]\.key .* is not the key of this cert/,
      hint: /the certificate was asked for with/,
    },
  },
  {
    what: 'a certificate that has ended',
    file: pair('./ended.pem', './ended.key.pem'),
    because: {
      code: 'certificate-not-valid',
      message:
        /^midflight\.yaml:\d+:\d+: tls\.certificates\[0\]\.cert "?\.\/ended\.pem"? is not valid since 2020-02-01$/,
      hint: /^Renew it, or .*acme/,
    },
  },
  {
    what: 'a certificate that has not begun',
    file: pair('./early.pem', './early.key.pem'),
    because: {
      code: 'certificate-not-valid',
      message: /cert "?\.\/early\.pem"? is not valid before 2090-01-01$/,
      hint: /^Renew it/,
    },
  },
  {
    what: 'a rule that an earlier one leaves nothing for',
    file: rules({ path: '/a' }, { path: '/a', method: 'GET' }),
    because: fault(
      /rules\[1\]\.when can never match: rules\[0\] above takes all that it would/,
      /^Put it above rules\[0\], or leave it out\.$/,
    ),
  },
  {
    what: 'a rule on users, and nothing that names them',
    file: rules({ user: 'alice' }),
    because: fault(
      /rules\[0\]\.when\.user can never match while nothing names the user/,
      /user: header:x-user-id$/,
    ),
  },
  {
    what: 'a regular expression that is none',
    file: rules({ header: { 'x-beta': '~(beta' } }),
    because: fault(
      /rules\[0\]\.when\.header\.x-beta must be a regular .*"?~\(beta"?/,
      /For example/,
    ),
  },
  {
    what: 'a range of addresses that is none',
    file: rules({ client: '10.0.0.0/33' }),
    because: fault(
      /rules\[0\]\.when\.client must be an address range .*10\.0\.0\.0\/33.*/,
      /10\.0/,
    ),
  },
  {
    what: 'a country that there is not',
    file: rules({ country: 'UK' }),
    because: fault(
      /rules\[0\]\.when\.country must be a country of two letters .*UK"?/,
      /country: /,
    ),
  },
  {
    what: 'a file of countries that is none',
    file: { geo: './junk.pem' },
    because: {
      code: 'named-file-unusable',
      message: /^midflight\.yaml:\d+:\d+: geo "?\.\/junk\.pem"? is no MaxMind file$/,
      hint: /GeoLite2-Country\.mmdb/,
    },
  },
  {
    what: 'shares that do not grow',
    file: { rollout: { strategy: 'canary', steps: ['50%', '20%'] } },
    because: fault(
      /rollout\.steps\[1\] must be larger than the step before it, is "20%"/,
      /For example/,
    ),
  },
]

describe('settings of the traffic that cannot work are refused, and the service goes on', () => {
  const shop = givenForAll({ version: 'v1' })
  beforeAll(async () => {
    for (const name of ['shop', 'other']) certificate(shop().folder, name, ['shop.example'])
    datedCertificate(shop().folder, 'ended', ENDED)
    datedCertificate(shop().folder, 'early', NOT_BEGUN)
    await writeFile(join(shop().folder, 'junk.pem'), 'junk')
  })

  it.each(MISTAKES)('$what', async ({ file, because }) => {
    await shop().write({ version: 'v2', file })
    await expectThat(shop(), itRefuses(['deploy'], because))
  })

  it('an explanation of what is no request', async () => {
    const because = (message: RegExp): Because => ({
      code: 'request-unreadable',
      message,
      hint: /midflight traffic --explain|-H 'Cookie|--client/,
    })
    const traffic = (...words: readonly string[]) => ['traffic', ...words]
    await expectThat(
      shop(),
      itRefuses(traffic('--explain', 'no request'), because(/^"no request" cannot be read$/)),
      itRefuses(traffic('--explain', '/', '--client', 'me'), because(/^"me" cannot be read$/)),
      itRefuses(traffic('-H', 'X-Beta: 1'), because(/^-H describes a request, and none is asked/)),
    )
    const secret = await shop().isRefused('traffic', '--explain', '/', '-H', 'Bearer hunter2')
    expect(JSON.stringify(secret)).not.toContain('hunter2')
  })

  it('an upgrade to a folder that is no package', async () => {
    const because = {
      code: 'package-unknown',
      message: /^\/.* is not a package of Midflight$/,
      hint: /the folder that holds its package\.json/,
    }
    await expectThat(shop(), itRefuses(['upgrade', '--to', '.'], because))
  })

  it('an app that does not listen at the socket it is given: taken back, with the reason', async () => {
    const run = "node -e 'setInterval(() => {}, 1000)'"
    const ready = { path: '/readyz', startup: '1s', up: 1, interval: '200ms' }
    await when(shop(), deploys({ version: 'v2', file: { run, reach: 'socket', ready } }))
    const because = {
      code: 'instance-not-ready',
      message:
        /^demo\.v2\.\d was not ready after 1s: no socket at the path in PORT; nor was demo\.v2\.1$/,
      hint: /midflight logs v2/,
    }
    await expectThat(shop(), itIsUndone(because))
  })

  it('and nothing has changed', async () => {
    await expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
  })
})
