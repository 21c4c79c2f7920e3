import { randomBytes } from 'node:crypto'
import type { TlsSpec } from '../../core/entry.ts'
import type { ServiceName } from '../../core/names.ts'
import { Problem } from '../../core/problem.ts'
import type { Route } from '../../core/route.ts'
import type { CertificateFault } from '../../core/traffic.ts'
import type { Log } from '../proxy-log.ts'
import { outdated, unusable } from './certificate-fault.ts'
import type { CertificatePem, Proof, ServiceCredentials } from './credentials.ts'
import { fileMark } from './file-mark.ts'
import { readCertificate } from './read-certificate.ts'

/** Resolves when every living worker has them. Without credentials, what the service had is forgotten. */
export type Equip = (service: ServiceName, credentials?: ServiceCredentials) => Promise<void>

interface Held {
  readonly tls: TlsSpec
  readonly certificates: readonly CertificatePem[]
  /** Of the files when they were read. */
  readonly mark: string
  /** Why they could not be read again. */
  readonly fault?: CertificateFault
}

const WATCH_MS = 2000
/** A key that is found out opens what was recorded while it was in use, and no more. */
const TICKET_KEY_MS = 12 * 3_600_000

/** The certificates of all services, as the supervisor keeps them and hands them to the workers. */
export class Keyring {
  readonly #log: Log
  readonly #held = new Map<ServiceName, Held>()
  readonly #issued = new Map<ServiceName, CertificatePem>()
  readonly #proofs = new Map<ServiceName, readonly Proof[]>()
  readonly #watch = setInterval(() => void this.#look(), WATCH_MS).unref()
  readonly #rotation = setInterval(() => void this.#rotate(), TICKET_KEY_MS).unref()
  #ticketKey = newTicketKey()
  #looking = false
  #equip: Equip = async () => undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** Reads what these routes name. What cannot be read is told in the log: the other services must come up. */
  async open(routes: readonly Route[]): Promise<void> {
    for (const { service, traffic } of routes) {
      const tls = traffic?.entry?.tls
      if (tls) this.#held.set(service, await this.#readOrTell(service, tls, []))
    }
  }

  /** From now on every change goes there. */
  connect(equip: Equip): void {
    this.#equip = equip
  }

  /** Of all services, for a worker that knows nothing yet. */
  all(): readonly (readonly [ServiceName, ServiceCredentials])[] {
    return [...this.#held.keys()].map((service) => [service, this.#credentialsOf(service)] as const)
  }

  /**
   * Does `work` with the certificates of this route in the hands of all workers; when it fails, those of before are
   * back. Rejects with `certificate-unusable`, and nothing was done.
   */
  async change(route: Route, work: () => Promise<void>): Promise<void> {
    const { service, traffic } = route
    const before = this.#held.get(service)
    const tls = traffic?.entry?.tls
    const next = tls && (await read(tls))
    if (next) this.#warn(service, next)
    if (before || next) await this.#put(service, next)
    try {
      await work()
    } catch (error) {
      if (before || next) await this.#put(service, before)
      throw error
    }
  }

  faultsOf(service: ServiceName): readonly CertificateFault[] {
    const held = this.#held.get(service)
    if (!held) return []
    return [...(held.fault ? [held.fault] : []), ...outdated(held.tls, held.certificates)]
  }

  async forget(service: ServiceName): Promise<void> {
    this.#issued.delete(service)
    this.#proofs.delete(service)
    if (this.#held.has(service)) await this.#put(service, undefined)
  }

  /** Uses a certificate that an authority has issued, beside those in files. */
  async issue(service: ServiceName, pem: CertificatePem): Promise<void> {
    this.#issued.set(service, pem)
    await this.#tell(service)
  }

  /** Resolves when every worker can give these proofs, and no others. */
  async prove(service: ServiceName, proofs: readonly Proof[]): Promise<void> {
    this.#proofs.set(service, proofs)
    await this.#tell(service)
  }

  close(): void {
    clearInterval(this.#watch)
    clearInterval(this.#rotation)
  }

  async #put(service: ServiceName, held: Held | undefined): Promise<void> {
    if (held) this.#held.set(service, held)
    else this.#held.delete(service)
    await this.#tell(service)
  }

  async #tell(service: ServiceName): Promise<void> {
    const known = this.#held.has(service)
    await this.#equip(service, known ? this.#credentialsOf(service) : undefined)
  }

  #credentialsOf(service: ServiceName): ServiceCredentials {
    const held = this.#held.get(service)
    const issued = held?.tls.acme && this.#issued.get(service)
    return {
      ticketKey: this.#ticketKey,
      certificates: [...(held?.certificates ?? []), ...(issued ? [issued] : [])],
      proofs: this.#proofs.get(service) ?? [],
    }
  }

  /** Files that changed are read again; those that cannot be used leave everything as it is. */
  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      for (const [service, held] of this.#held) await this.#lookAt(service, held)
    } finally {
      this.#looking = false
    }
  }

  async #lookAt(service: ServiceName, held: Held): Promise<void> {
    const mark = await fileMark(held.tls.certificates)
    if (mark === held.mark) return
    const next = await this.#readOrTell(service, held.tls, held.certificates)
    // A change of the route came in between, and read them too.
    if (this.#held.get(service) !== held) return
    await this.#put(service, next)
    if (next.certificates !== held.certificates) this.#log('certificates read again', { service })
  }

  async #readOrTell(
    service: ServiceName,
    tls: TlsSpec,
    otherwise: readonly CertificatePem[],
  ): Promise<Held> {
    try {
      const held = await read(tls)
      this.#warn(service, held)
      return held
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      this.#log('certificate kept as it was', { service, problem: error })
      const fault = unusable(error, otherwise)
      return { tls, certificates: otherwise, mark: await fileMark(tls.certificates), fault }
    }
  }

  #warn(service: ServiceName, { tls, certificates }: Held): void {
    for (const { of, reason } of outdated(tls, certificates))
      this.#log('certificate is not valid', { service, path: of, reason })
  }

  async #rotate(): Promise<void> {
    this.#ticketKey = newTicketKey()
    for (const service of this.#held.keys()) await this.#tell(service)
  }
}

/** The mark is taken first: what is written while it is read is read again. */
async function read(tls: TlsSpec): Promise<Held> {
  const mark = await fileMark(tls.certificates)
  const certificates: CertificatePem[] = []
  for (const files of tls.certificates) certificates.push(await readCertificate(files))
  return { tls, certificates, mark }
}

function newTicketKey(): string {
  return randomBytes(48).toString('base64')
}
