import { readFile } from 'node:fs/promises'
import { Agent } from 'node:https'
import { rootCertificates } from 'node:tls'
import type * as Library from 'acme-client'
import type { AcmeSpec } from '../../core/entry.ts'
import type { CertificatePem, Proof } from './credentials.ts'

export interface CertificateOrder {
  readonly acme: AcmeSpec
  /** In PEM. By it the authority knows us again. */
  readonly accountKey: string
  /** Resolves when every worker gives these proofs and no others. */
  readonly prove: (proofs: readonly Proof[]) => Promise<void>
}

/** Left to itself, the library says only after minutes that nobody answers. Who keeps certificates tries again anyway. */
const PATIENCE = { retryMaxAttempts: 1, retryDefaultDelay: 2 }

const REACH_MS = 20_000

type Challenge = Parameters<Library.ClientAutoOptions['challengeCreateFn']>

/** How often an authority is asked whether it is done. */
const ASK_MS = { backoffAttempts: 20, backoffMin: 1000, backoffMax: 10_000 }

/**
 * Asks an authority for a certificate for all hosts in one (RFC 8555). Takes seconds to minutes. Rejects with what the
 * authority says. One at a time: the library has one way to talk to all authorities.
 */
export async function orderCertificate(order: CertificateOrder): Promise<CertificatePem> {
  const { acme, accountKey } = order
  const library = await libraryFor(acme)
  await reach(library, acme)
  const key = await library.crypto.createPrivateEcdsaKey()
  const [, csr] = await library.crypto.createCsr({ altNames: [...acme.hosts] }, key)
  const client = new library.Client({ directoryUrl: acme.directory, accountKey, ...ASK_MS })
  await recallAccount(client)
  const proofs = new Map<string, Proof>()
  const cert = await client.auto({
    csr,
    ...(acme.email !== undefined && { email: acme.email }),
    termsOfServiceAgreed: true,
    challengePriority: [acme.challenge],
    // The authority sees the service from outside; what we see from here says nothing.
    skipChallengeVerification: true,
    challengeCreateFn: async (...challenge) => {
      proofs.set(challenge[1].token, await proofOf(acme, library, challenge))
      await order.prove([...proofs.values()])
    },
    challengeRemoveFn: async (_authorization, { token }) => {
      proofs.delete(token)
      await order.prove([...proofs.values()])
    },
  })
  return { cert, key: key.toString() }
}

/** Rejects with why the authority does not answer: the library itself loses that, and gives a defect of its own. */
async function reach({ axios }: typeof Library, { directory }: AcmeSpec): Promise<void> {
  await axios.create().get(directory, { timeout: REACH_MS })
}

/**
 * Asks for the account of this key (RFC 8555 §7.3.1). Left to itself, the library asks for a new one and then changes
 * the old one to what it was, which authorities refuse.
 */
async function recallAccount(client: Library.Client): Promise<void> {
  try {
    await client.createAccount({ onlyReturnExisting: true })
  } catch {
    // There is none yet, and the order opens one; or the authority cannot be reached, and the order will say so.
  }
}

/** A new account key, in PEM. */
export async function newAccountKey(): Promise<string> {
  const { crypto } = await import('acme-client')
  return (await crypto.createPrivateEcdsaKey()).toString()
}

async function libraryFor({ root }: AcmeSpec): Promise<typeof Library> {
  const library = await import('acme-client')
  const extra = root === undefined ? [] : [await readFile(root, 'utf8')]
  const httpsAgent = new Agent({ ca: [...rootCertificates, ...extra] })
  Object.assign(library.axios.defaults, { httpsAgent, acmeSettings: PATIENCE })
  return library
}

async function proofOf(
  acme: AcmeSpec,
  library: typeof Library,
  [authorization, challenge, content]: Challenge,
): Promise<Proof> {
  const { token, type } = challenge
  if (type !== acme.challenge) throw new Error(`the authority offers no ${acme.challenge}`)
  if (type === 'http-01') return { kind: type, token, content }
  const own = await library.crypto.createPrivateEcdsaKey()
  const [key, cert] = await library.crypto.createAlpnCertificate(authorization, content, own)
  const host = authorization.identifier.value.toLowerCase()
  return { kind: 'tls-alpn-01', host, pem: { cert: cert.toString(), key: key.toString() } }
}
