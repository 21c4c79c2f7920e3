import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeCertificate } from '../../../test/support/certificate-files.ts'
import { datedCertificate, ENDED, NOT_BEGUN } from '../../../test/support/dated-certificate.ts'
import { head, loadText } from '../../../test/support/load-text.ts'
import { projectOf } from '../../../test/support/project-of.ts'
import { inspectCertificates } from './certificates.ts'

it('check tells how long a certificate is good for, and whether it is good today', async () => {
  const folder = await projectOf({})
  const files = { cert: join(folder, 'shop.pem'), key: join(folder, 'shop.key.pem') }
  const tls = { certificates: [files], minVersion: 'TLSv1.2' } as const
  const entry = { http2: true, proxyProtocol: false, trusted: [], tls }
  const spec = { ...(await loadText(head)), traffic: { entry } }
  const found = async () => {
    const nothing = { file: '', state: '', path: '', ownPids: [] }
    const [finding] = await inspectCertificates(spec, nothing)
    return [finding?.code, finding?.level, finding?.what.slice(files.cert.length + 1)]
  }
  writeCertificate(folder, 'shop')
  expect(await found()).toMatchObject(['certificate-valid', 'ok', expect.anything()])
  writeCertificate(folder, 'shop', '7')
  expect(await found()).toMatchObject(['certificate-ending', 'warning', expect.anything()])
  datedCertificate(folder, 'shop', ENDED)
  expect(await found()).toEqual(['certificate-ending', 'error', 'is not valid since 2020-02-01'])
  datedCertificate(folder, 'shop', NOT_BEGUN)
  expect(await found()).toEqual(['certificate-ending', 'error', 'is not valid before 2090-01-01'])
})
