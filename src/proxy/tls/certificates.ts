import { join } from 'node:path'
import type { ServiceName } from '../../core/names.ts'
import type { Route } from '../../core/route.ts'
import type { Traffic } from '../../core/traffic.ts'
import type { Log } from '../proxy-log.ts'
import { AcmeFiles } from './acme-files.ts'
import { AcmeKeeper } from './acme-keeper.ts'
import type { ServiceCredentials } from './credentials.ts'
import { Keyring, type Equip } from './keyring.ts'

export interface CertificatesOptions {
  /** Where the proxy keeps its things. */
  readonly directory: string
  readonly log: Log
}

/** The certificates of all services: those in files, and those that authorities issue. */
export class Certificates {
  readonly #keyring: Keyring
  readonly #acme: AcmeKeeper
  #begun = false

  constructor({ directory, log }: CertificatesOptions) {
    this.#keyring = new Keyring(log)
    const files = new AcmeFiles(join(directory, 'acme'))
    this.#acme = new AcmeKeeper({ files, keyring: this.#keyring, log })
  }

  /** Reads what these routes name. What cannot be read is told in the log: the other services must come up. */
  async open(routes: readonly Route[]): Promise<void> {
    await this.#keyring.open(routes)
    for (const route of routes) await this.#acme.recall(route)
  }

  /** From now on every change goes there. */
  connect(equip: Equip): void {
    this.#keyring.connect(equip)
  }

  /** From now on authorities are asked: this is the proxy of its directory. */
  begin(routes: readonly Route[]): void {
    this.#begun = true
    for (const route of routes) this.#acme.watch(route)
  }

  /** Of all services, for a worker that knows nothing yet. */
  all(): readonly (readonly [ServiceName, ServiceCredentials])[] {
    return this.#keyring.all()
  }

  /** What is wrong with those of this service, as it is told of its traffic. */
  faultsOf(service: ServiceName): Pick<Traffic, 'certificates'> {
    const asked = this.#acme.faultOf(service)
    const certificates = [...this.#keyring.faultsOf(service), ...(asked ? [asked] : [])]
    return certificates.length > 0 ? { certificates } : {}
  }

  /**
   * Does `work` with the certificates of this route in the hands of all workers; when it fails, those of before are
   * back. Rejects with `certificate-unusable`, and nothing was done.
   */
  async change(route: Route, work: () => Promise<void>): Promise<void> {
    await this.#keyring.change(route, work)
    if (this.#begun) this.#acme.watch(route)
  }

  async forget(service: ServiceName): Promise<void> {
    this.#acme.forget(service)
    await this.#keyring.forget(service)
  }

  close(): void {
    this.#acme.close()
    this.#keyring.close()
  }
}
