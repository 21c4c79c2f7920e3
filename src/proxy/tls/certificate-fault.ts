import { X509Certificate } from 'node:crypto'
import type { AcmeSpec, TlsSpec } from '../../core/entry.ts'
import type { Problem } from '../../core/problem.ts'
import type { CertificateFault } from '../../core/traffic.ts'
import { outsideValidity } from '../../lib/outside-validity.ts'
import type { CertificatePem } from './credentials.ts'

const READ_AGAIN = 'The file is read as soon as it changes, without a deploy.'

/** Those of these files that are not valid any more, or not yet: they are shown all the same, and no browser accepts them. */
export function outdated(
  { certificates: files }: TlsSpec,
  certificates: readonly CertificatePem[],
): CertificateFault[] {
  return certificates.flatMap(({ cert }, at) => {
    const outside = outsideValidity(new X509Certificate(cert))
    const of = files[at]?.cert
    if (of === undefined || outside === undefined) return []
    const reason = `${outside}, and browsers refuse it`
    return [{ of, reason, hint: `Renew it. ${READ_AGAIN}` }]
  })
}

/** What is told of files that cannot be read again. */
export function unusable(
  { message, data }: Problem,
  kept: readonly CertificatePem[],
): CertificateFault {
  const of = String(data['path'])
  const reason = message.replace(`${of} `, '')
  const meanwhile = kept.length > 0 ? 'what was read before is used on' : 'clients get none'
  return { of, reason: `${reason}; ${meanwhile}`, hint: `Mend it. ${READ_AGAIN}` }
}

/** What is told while an authority has given no certificate yet. */
export function awaited({ hosts, directory }: AcmeSpec): CertificateFault {
  const reason = `${directory} is asked for one, and clients get none until it has answered`
  return { of: hosts.join(', '), reason, hint: 'This takes seconds, with some minutes.' }
}

/** What is told after an authority gave none: why, and what clients get meanwhile. */
export function refused(
  { hosts, directory }: AcmeSpec,
  why: string,
  { issued, againMs }: { readonly issued: CertificatePem | undefined; readonly againMs: number },
): CertificateFault {
  const meanwhile = issued
    ? `the one there is ends ${new X509Certificate(issued.cert).validToDate.toISOString().slice(0, 10)}`
    : 'clients get none'
  return {
    of: hosts.join(', '),
    reason: `${directory} gave none (${why}); ${meanwhile}`,
    hint: 'It must answer from here, and reach each of these names at this machine.',
    againMs,
  }
}
