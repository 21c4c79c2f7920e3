import { randomUUID } from 'node:crypto'
import type { Abortable, Clock } from '../../../core/clock.ts'
import type { Instance, Usage } from '../../../core/instance.ts'
import { instanceId, type InstanceId, type ServiceName } from '../../../core/names.ts'
import type { Release } from '../../../core/release.ts'
import type { Runtime } from '../../../core/runtime.ts'
import type { StopSpec } from '../../../core/service.ts'
import { identify } from '../../../lib/process-identity.ts'
import { endFamily, killFamily } from './end-family.ts'
import { ended, familyOf, instanceOf, isRunning, started } from './instance-record.ts'
import type { InstanceRecord, Place } from './instance-record.ts'
import {
  listRecords,
  readExit,
  readRecord,
  removeRecord,
  writeExit,
  writeRecord,
} from './instance-records.ts'
import { PortClaims } from './port-claims.ts'
import { firstOfFamily } from './process-family.ts'
import { type ProcessTable, processTable } from './process-table.ts'
import { removeSocket, socketFor } from './socket-path.ts'
import { spawnInstance, type Child } from './spawn-instance.ts'
import { turns, type InTurn } from '../../../lib/turns.ts'
import { usageOf } from './usage.ts'

export interface ProcessRuntimeOptions {
  /** Where records and logs are kept. A second runtime on the same directory finds the same instances. */
  readonly stateDirectory: string
  readonly clock: Clock
}

/** Runs instances as processes of this machine, each in a session of its own, so that they outlive the controller. */
export function processRuntime(options: ProcessRuntimeOptions): Runtime {
  return new ProcessRuntime(options)
}

class ProcessRuntime implements Runtime {
  readonly #state: string
  readonly #clock: Clock
  readonly #inTurn: InTurn = turns()
  readonly #processes: ProcessTable
  readonly #ports = new PortClaims()
  #hasAdopted = false
  /** Those started here: only their parent learns how they end. */
  readonly #children = new Map<InstanceId, Child & { readonly noted: Promise<void> }>()

  constructor({ stateDirectory, clock }: ProcessRuntimeOptions) {
    this.#state = stateDirectory
    this.#clock = clock
    this.#processes = processTable(clock)
  }

  async start(release: Release, slot: number, options: Abortable = {}): Promise<Instance> {
    const id = instanceId(release.service, release.id, slot)
    return this.#inTurn(id, async () => {
      options.signal?.throwIfAborted()
      const old = await this.#read(id)
      if (old && isRunning(old)) return instanceOf(old)
      if (old) await killFamily(familyOf(old), this.#clock, options)
      const record = await this.#launch(release, await this.#reserve(release, slot))
      if (old) await this.#leave(old)
      return instanceOf(record)
    })
  }

  async stop(id: InstanceId, stop: StopSpec, options: Abortable = {}): Promise<void> {
    await this.#inTurn(id, async () => {
      options.signal?.throwIfAborted()
      const record = await this.#read(id)
      if (!record) return
      await endFamily(familyOf(record), stop, this.#clock, options)
      await this.#forget(record)
    })
  }

  async list(service?: ServiceName): Promise<readonly Instance[]> {
    await this.#adoptPorts()
    const records = await listRecords(this.#state, service)
    const found = await Promise.all(records.map((record) => this.#settled(record)))
    return found
      .filter((record) => record !== undefined)
      .map(instanceOf)
      .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  }

  async measure(id: InstanceId): Promise<Usage | undefined> {
    const record = await readRecord(this.#state, id)
    if (!record || !isRunning(record)) return undefined
    const { first } = familyOf(record)
    return first && usageOf(first, this.#processes)
  }

  /** Written down before the process is made: a crash from here on leaves a token to look for. */
  async #reserve(release: Release, slot: number): Promise<InstanceRecord> {
    return this.#inTurn('ports', async () => {
      const token = randomUUID()
      const record: InstanceRecord = {
        ...(await this.#place(release, token)),
        id: instanceId(release.service, release.id, slot),
        service: release.service,
        release: release.id,
        slot,
        token,
        startedAtMs: this.#clock.now(),
        state: { kind: 'starting' },
      }
      await writeRecord(this.#state, record)
      return record
    })
  }

  async #place(release: Release, token: string): Promise<Place> {
    if (release.spec.reach === 'socket') return { path: await socketFor(this.#state, token) }
    await this.#adoptPorts()
    return { port: await this.#ports.claimFree(portsOf(await listRecords(this.#state))) }
  }

  /** Those of instances that an earlier controller started, whose claims end with it; it may be on its way out still. */
  async #adoptPorts(): Promise<void> {
    if (this.#hasAdopted) return
    const ports = [...portsOf(await listRecords(this.#state))]
    const claimed = await Promise.all(ports.map(async (port) => this.#ports.claim(port)))
    this.#hasAdopted = claimed.every(Boolean)
  }

  async #launch(release: Release, reserved: InstanceRecord): Promise<InstanceRecord> {
    let record = reserved
    try {
      const child = await spawnInstance(this.#state, release, reserved)
      this.#children.set(record.id, { ...child, noted: this.#noteExit(record.id, child) })
      // One that ended already has no start time left to ask for; its pid alone matches no process.
      record = started(reserved, identify(child.pid) ?? { pid: child.pid, started: 'gone' })
      await writeRecord(this.#state, record)
      return record
    } catch (error) {
      await killFamily(familyOf(record), this.#clock)
      await this.#forget(record)
      throw error
    }
  }

  /** The record with what became of its process, asked for under the instance's turn. */
  async #read(id: InstanceId): Promise<InstanceRecord | undefined> {
    const record = await readRecord(this.#state, id)
    if (record?.state.kind !== 'starting') return record && this.#withExit(record)
    // The controller died between writing this and learning the pid. Whoever carries the token is the one.
    const first = firstOfFamily(record.token)
    const known = first ? started(record, first) : ended(record, {})
    // Where the disk has no room for it, it is found out again next time: an instance can always be stopped.
    await Promise.allSettled([writeRecord(this.#state, known)])
    return known
  }

  /** A start or stop that runs now is waited for only where the record alone does not tell. */
  async #settled(record: InstanceRecord): Promise<InstanceRecord | undefined> {
    if (record.state.kind !== 'starting') return this.#withExit(record)
    return this.#inTurn(record.id, () => this.#read(record.id))
  }

  async #withExit(record: InstanceRecord): Promise<InstanceRecord> {
    if (record.state.kind !== 'started' || isRunning(record)) return record
    const child = this.#children.get(record.id)
    if (child?.token !== record.token) {
      return ended(record, (await readExit(this.#state, record)) ?? {})
    }
    child.hold()
    return ended(record, await child.exit)
  }

  /** Never rejects: where the disk has no room, this controller still knows, and a later one sees an end without a code. */
  async #noteExit(id: InstanceId, { token, exit }: Child): Promise<void> {
    await Promise.allSettled([writeExit(this.#state, id, { token, exit: await exit })])
  }

  /** Of an instance that is gone. */
  async #forget(record: InstanceRecord): Promise<void> {
    const child = this.#children.get(record.id)
    child?.hold()
    await child?.noted
    this.#children.delete(record.id)
    await removeRecord(this.#state, record.id)
    await this.#leave(record)
  }

  /** Somebody else may have its place now. */
  async #leave(place: Place): Promise<void> {
    if ('port' in place) this.#ports.letGo(place.port)
    await removeSocket(place)
  }
}

function portsOf(records: readonly InstanceRecord[]): ReadonlySet<number> {
  return new Set(records.flatMap((record) => ('port' in record ? [record.port] : [])))
}
