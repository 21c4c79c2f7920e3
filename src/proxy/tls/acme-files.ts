import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AcmeSpec } from '../../core/entry.ts'
import { writeWhole } from '../../lib/write-whole.ts'
import type { CertificatePem } from './credentials.ts'

/** What was agreed upon with authorities, on the disk: for this user only, each file whole. */
export class AcmeFiles {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async accountKey(acme: AcmeSpec, make: () => Promise<string>): Promise<string> {
    const path = join(this.#directory, `account-${digest(acme.directory)}.pem`)
    const known = await textOf(path)
    if (known !== undefined) return known
    const made = await make()
    await this.#write(path, made)
    return made
  }

  /** The certificate that was issued last for these hosts by this authority. */
  async certificate(acme: AcmeSpec): Promise<CertificatePem | undefined> {
    const text = await textOf(this.#pathOf(acme))
    const begin = text?.indexOf('-----BEGIN CERTIFICATE-----') ?? -1
    return text === undefined || begin < 0
      ? undefined
      : { key: text.slice(0, begin), cert: text.slice(begin) }
  }

  /** Key and certificate are one file, so that a crash leaves both or neither. */
  async keep(acme: AcmeSpec, { key, cert }: CertificatePem): Promise<void> {
    await this.#write(this.#pathOf(acme), `${key.trimEnd()}\n${cert}`)
  }

  #pathOf({ hosts, directory }: AcmeSpec): string {
    const name = `${hosts[0]}-${digest([directory, ...hosts.toSorted()].join(' '))}`
    return join(this.#directory, `${name}.pem`)
  }

  async #write(path: string, text: string): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    await writeWhole(path, text, 0o600)
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
