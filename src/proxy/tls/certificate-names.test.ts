import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificate } from '../../../test/support/certificate.ts'
import { certificateNames, coversHost } from './certificate-names.ts'

describe('the names of a certificate', () => {
  it('are in lower case, addresses among them', () => {
    const { cert } = certificate(mkdtempSync(join(tmpdir(), 'names-')), 'a', [
      'Shop.Example',
      '*.Shop.example',
      '127.0.0.1',
      '::1',
    ])
    expect(certificateNames(readFileSync(cert, 'utf8'))).toEqual([
      'shop.example',
      '*.shop.example',
      '127.0.0.1',
      '::1',
    ])
  })

  it.each([
    ['shop.example', true],
    ['SHOP.example:8443', true],
    ['shop.example.', true],
    ['a.shop.example', true],
    ['b.a.shop.example', false],
    ['.shop.example', false],
    ['xshop.example', false],
    ['127.0.0.1', true],
    ['127.0.0.1:443', true],
    ['127.0.0.2', false],
    ['[::1]:443', true],
    ['[0:0::1]', true],
    ['[::2]', false],
    ['__proto__', false],
  ])('cover %s: %s', (host, covered) => {
    const names = ['shop.example', '*.shop.example', '127.0.0.1', '::1']
    expect(coversHost(names, host)).toBe(covered)
  })

  it('no wildcard covers an address', () => {
    expect(coversHost(['*.0.0.1'], '127.0.0.1')).toBe(false)
  })
})
