import { X509Certificate } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { AcmeSpec } from '../../core/entry.ts'
import type { ServiceName } from '../../core/names.ts'
import type { Route } from '../../core/route.ts'
import type { CertificateFault } from '../../core/traffic.ts'
import { turns } from '../../lib/turns.ts'
import type { Log } from '../proxy-log.ts'
import type { AcmeFiles } from './acme-files.ts'
import { awaited, refused } from './certificate-fault.ts'
import type { CertificatePem } from './credentials.ts'
import type { Keyring } from './keyring.ts'
import { newAccountKey, orderCertificate } from './order-certificate.ts'

export interface AcmeKeeperOptions {
  readonly files: AcmeFiles
  readonly keyring: Keyring
  readonly log: Log
}

interface Watch {
  readonly acme: AcmeSpec
  readonly end: AbortController
  fault?: CertificateFault
}

type Renewal =
  | { readonly kind: 'issued'; readonly issued: CertificatePem }
  | { readonly kind: 'refused'; readonly why: string }

const FIRST_RETRY_MS = 60_000
/** Authorities count failures by the hour. */
const LAST_RETRY_MS = 6 * 3_600_000
/** Looked at so often, for a clock may be set. */
const LOOK_MS = 3_600_000

/** Keeps each service that wants it in certificates: asks for them, and again when a third of their life is left. */
export class AcmeKeeper {
  readonly #options: AcmeKeeperOptions
  readonly #watches = new Map<ServiceName, Watch>()
  readonly #inTurn = turns()

  constructor(options: AcmeKeeperOptions) {
    this.#options = options
  }

  /** From now on this route is looked after, and what was looked after for its service before is not. */
  watch({ service, traffic }: Route): void {
    const acme = traffic?.entry?.tls?.acme
    const before = this.#watches.get(service)
    if (isDeepStrictEqual(acme, before?.acme)) return
    this.forget(service)
    if (!acme) return
    const watch: Watch = { acme, end: new AbortController() }
    this.#watches.set(service, watch)
    void this.#keep(service, watch)
  }

  /** Uses what was issued for this route before. A file that cannot be read is asked for anew, when that begins. */
  async recall({ service, traffic }: Route): Promise<void> {
    const acme = traffic?.entry?.tls?.acme
    if (acme) await this.#known(service, acme)
  }

  /** Why the certificate of this service is not there, or not renewed. */
  faultOf(service: ServiceName): CertificateFault | undefined {
    return this.#watches.get(service)?.fault
  }

  forget(service: ServiceName): void {
    this.#watches.get(service)?.end.abort()
    this.#watches.delete(service)
  }

  close(): void {
    for (const service of this.#watches.keys()) this.forget(service)
  }

  async #keep(service: ServiceName, watch: Watch): Promise<void> {
    const { acme, end } = watch
    const { signal } = end
    let issued = await this.#known(service, acme)
    let failures = 0
    if (!issued) watch.fault = awaited(acme)
    while (!signal.aborted) {
      const waitMs = issued ? untilDue(issued) : 0
      if (waitMs > 0) {
        await pause(Math.min(waitMs, LOOK_MS), signal)
        continue
      }
      const renewal = await this.#inTurn('order', () => this.#renew(service, acme, signal))
      if (renewal.kind === 'issued') {
        issued = renewal.issued
        failures = 0
        delete watch.fault
        continue
      }
      failures += 1
      const againMs = retryMs(failures)
      watch.fault = refused(acme, renewal.why, { issued, againMs: Date.now() + againMs })
      await pause(againMs, signal)
    }
  }

  async #known(service: ServiceName, acme: AcmeSpec): Promise<CertificatePem | undefined> {
    try {
      const issued = await this.#options.files.certificate(acme)
      if (issued) await this.#options.keyring.issue(service, issued)
      return issued
    } catch (error) {
      this.#options.log('certificate not read', { service, why: String(error) })
      return undefined
    }
  }

  async #renew(service: ServiceName, acme: AcmeSpec, signal: AbortSignal): Promise<Renewal> {
    const { files, keyring, log } = this.#options
    if (signal.aborted) return { kind: 'refused', why: 'it is not wanted any more' }
    try {
      const accountKey = await files.accountKey(acme, newAccountKey)
      const prove = keyring.prove.bind(keyring, service)
      const issued = await orderCertificate({ acme, accountKey, prove })
      await files.keep(acme, issued)
      if (!signal.aborted) await keyring.issue(service, issued)
      log('certificate issued', { service, hosts: acme.hosts })
      return { kind: 'issued', issued }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log('certificate not issued', { service, hosts: acme.hosts, directory: acme.directory, why })
      return { kind: 'refused', why }
    }
  }
}

function untilDue({ cert }: CertificatePem): number {
  const { validFromDate, validToDate } = new X509Certificate(cert)
  const life = validToDate.getTime() - validFromDate.getTime()
  return validToDate.getTime() - life / 3 - Date.now()
}

/** One minute, three, nine, …; half of it by chance, so that many do not come together. */
function retryMs(failures: number): number {
  const most = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 3 ** (failures - 1))
  return most / 2 + (Math.random() * most) / 2
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref: false })
  } catch {
    // Nobody waits any more: the caller looks at the signal.
  }
}
