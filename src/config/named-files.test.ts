import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { asOrdinaryUser } from '../../test/support/as-ordinary-user.ts'
import { writeCertificate } from '../../test/support/certificate-files.ts'
import { head, problemOf } from '../../test/support/load-text.ts'
import { loadConfig } from './load.ts'

describe('a file that midflight.yaml names', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'midflight-'))
    writeCertificate(folder, 'shop')
    writeCertificate(folder, 'other')
    await writeFile(join(folder, 'note.txt'), 'not what is wanted')
    await writeFile(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nnone\n')
    await writeFile(join(folder, 'geo.mmdb'), '\u{0}\xab\xcd\xefMaxMind.com\u{0}', 'latin1')
    const [key, locked] = [join(folder, 'shop.key.pem'), join(folder, 'locked.pem')]
    const sealing = ['-aes256', '-passout', 'pass:secret']
    execFileSync('openssl', ['pkey', '-in', key, '-out', locked, ...sealing])
  })

  const file = () => join(folder, 'midflight.yaml')
  const load = async (line: string) => {
    await writeFile(file(), `${head}${line}`)
    return loadConfig(file(), { env: { WHERE: folder } })
  }
  const tls = (cert: string, key: string) =>
    `tls: { certificates: [{ cert: ${cert}, key: ${key} }] }`
  const refusal = async (line: string) => {
    const { code, message, hint } = await problemOf(load(line))
    expect(code).toBe('named-file-unusable')
    return `${message} → ${hint}`
  }

  it('is found beside the file, and becomes an absolute path', async () => {
    const spec = await load(`${tls('./shop.pem', 'shop.key.pem')}\ngeo: geo.mmdb`)
    expect(spec.traffic?.entry?.tls?.certificates).toEqual([
      { cert: join(folder, 'shop.pem'), key: join(folder, 'shop.key.pem') },
    ])
    expect(spec.traffic?.lookups).toEqual({ countryFile: join(folder, 'geo.mmdb') })
  })

  it.each([
    [tls('none.pem', 'shop.key.pem'), '3:31: tls.certificates[0].cert "none.pem" does not exist'],
    [tls('note.txt', 'shop.key.pem'), 'cert "note.txt" holds no certificate as PEM'],
    [tls('broken.pem', 'shop.key.pem'), 'cert "broken.pem" holds no certificate as PEM'],
    [tls('shop.pem', 'shop.pem'), 'key "shop.pem" holds no private key as PEM'],
    [tls('shop.pem', 'locked.pem'), 'key "locked.pem" has a passphrase'],
    [tls('shop.pem', 'other.key.pem'), 'key "other.key.pem" is not the key of this certificate'],
    [tls('shop.pem', '.'), 'key "." is a directory'],
    ['tls: { acme: { hosts: [shop.example], root: note.txt } }', 'tls.acme.root "note.txt" holds'],
    ['geo: note.txt', '3:6: geo "note.txt" is no MaxMind file'],
    ['geo: none.mmdb', 'geo "none.mmdb" does not exist'],
  ])('%s is refused with its place', async (line, words) => {
    expect(await refusal(line)).toContain(words)
  })

  it('is told together with all others', async () => {
    const told = await refusal(`${tls('a.pem', 'b.pem')}\ngeo: c.mmdb`)
    expect(told.match(/does not exist/g)).toHaveLength(3)
  })

  it('is told as it is written, without the value of a variable or what a key holds', async () => {
    const told = await refusal(tls('${WHERE}/shop.pem', '${WHERE}/locked.pem'))
    expect(told).toContain('"${WHERE}/locked.pem"')
    expect(told).not.toContain(folder)
    const key = await readFile(join(folder, 'locked.pem'), 'utf8')
    expect(told).not.toContain(key.split('\n')[1])
  })

  it('that may not be read is refused', async () => {
    const closed = join(folder, 'closed.pem')
    await writeFile(closed, '')
    await chmod(closed, 0)
    await chmod(folder, 0o755)
    await writeFile(file(), `${head}geo: closed.pem`)
    const told = await asOrdinaryUser(async () => problemOf(loadConfig(file(), { env: {} })))
    expect(told.message).toContain('geo "closed.pem" cannot be read (EACCES)')
  })
})
