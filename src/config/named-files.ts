import { readFile } from 'node:fs/promises'
import type { CertificateFiles } from '../core/entry.ts'
import type { TrafficSpec } from '../core/service.ts'
import { faultsProblem } from './fault.ts'
import { fileFault, type FileRefusal } from './file-fault.ts'
import { certificateIn, type Content, maxMindIn, privateKeyIn } from './file-content.ts'
import type { Path } from './position.ts'
import type { Source } from './source.ts'

/**
 * Looks into the files that the service's traffic needs. Throws `named-file-unusable` with all that are missing or are not
 * what they should be.
 */
export async function refuseBadFiles(source: Source, traffic: TrafficSpec): Promise<void> {
  const { entry, lookups } = traffic
  const pairs = entry?.tls?.certificates ?? []
  const found = await Promise.all([
    ...pairs.map(async (pair, index) => pairRefusals(pair, ['tls', 'certificates', index])),
    refusalOf(['tls', 'acme', 'root'], entry?.tls?.acme?.root, certificateIn),
    refusalOf(['geo'], lookups?.countryFile, maxMindIn),
  ])
  const refusals = found.flat()
  if (refusals.length === 0) return
  const faults = refusals.map((refusal) => fileFault(source, refusal))
  throw faultsProblem('named-file-unusable', source.name, faults)
}

async function pairRefusals({ cert, key }: CertificateFiles, path: Path): Promise<FileRefusal[]> {
  const certificate = await contentOf(cert, certificateIn)
  const privateKey = await contentOf(key, privateKeyIn)
  if (certificate.kind === 'good' && privateKey.kind === 'good') {
    if (certificate.value.checkPrivateKey(privateKey.value)) return []
    const hint = 'Give the key that the certificate was asked for with.'
    return [{ path: [...path, 'key'], message: 'is not the key of this certificate', hint }]
  }
  return [
    ...(certificate.kind === 'bad' ? [{ ...certificate, path: [...path, 'cert'] }] : []),
    ...(privateKey.kind === 'bad' ? [{ ...privateKey, path: [...path, 'key'] }] : []),
  ]
}

async function refusalOf<T>(
  path: Path,
  file: string | undefined,
  understand: (bytes: Buffer) => Content<T>,
): Promise<FileRefusal[]> {
  if (file === undefined) return []
  const content = await contentOf(file, understand)
  return content.kind === 'bad' ? [{ ...content, path }] : []
}

async function contentOf<T>(
  file: string,
  understand: (bytes: Buffer) => Content<T>,
): Promise<Content<T>> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    if (code === 'EISDIR')
      return { kind: 'bad', message: 'is a directory', hint: 'Name the file that is in it.' }
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    return {
      kind: 'bad',
      message: isMissing ? 'does not exist' : `cannot be read (${code})`,
      hint: isMissing
        ? 'Give its path relative to midflight.yaml.'
        : 'Give the controller’s user the right to read it.',
    }
  }
  return understand(bytes)
}
