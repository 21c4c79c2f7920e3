import type { Group, GroupEvent, GroupId } from '../../core/group.ts'
import { groupRunning } from '../../core/group-running.ts'
import type { ServiceName } from '../../core/names.ts'
import { Problem } from '../../core/problem.ts'
import { Controls } from '../controls.ts'
import type { Crew } from '../crew.ts'
import { groupEvents } from './group-events.ts'
import { runGroup } from './group-run.ts'
import type { Tools } from '../tools.ts'

const AGAIN_MS = 1_000

interface Running {
  readonly group: Group
  readonly controls: Controls
  readonly ended: Promise<void>
}

type Listener = (event: GroupEvent) => void

/** The groups that this controller rolls out; a service is in one of them at the most. */
export class GroupCrew {
  readonly #tools: Tools
  readonly #crew: Crew
  readonly #running = new Map<GroupId, Running>()
  readonly #listeners = new Map<GroupId, Set<Listener>>()

  constructor(tools: Tools, crew: Crew) {
    this.#tools = tools
    this.#crew = crew
  }

  /** Goes on with the groups that an earlier controller left unfinished. */
  async takeUp(): Promise<void> {
    for (const group of await this.#tools.groups.unfinished()) this.begin(group)
  }

  /** Rolls a group out from wherever it stands, in the background. */
  begin(group: Group): void {
    const controls = new Controls()
    const ended = this.#persist(group, controls).finally(() => this.#running.delete(group.id))
    this.#running.set(group.id, { group, controls, ended })
  }

  /** Throws `group-running` when the service is in a group that has not ended. */
  refuse(service: ServiceName): void {
    const running = this.#with(service)
    if (running) throw groupRunning(running.group, service)
  }

  /** Resolves when the service is in no group any more. */
  async ended(service: ServiceName): Promise<void> {
    await this.#with(service)?.ended
  }

  /** Has the group that the service is in taken back. Whether there is one. */
  abortWith(service: ServiceName, reason: string): boolean {
    const running = this.#with(service)
    running?.controls.abort(reason)
    return running !== undefined
  }

  /** Rejects with `group-unknown`, and with `no-rollout` when it has ended. */
  async abort(id: GroupId, reason: string): Promise<void> {
    const { name } = await this.#known(id)
    const running = this.#running.get(id)
    if (!running) throw groupOver(id, name)
    running.controls.abort(reason)
  }

  /** Lets go of every group where it stands; each goes on at the next start. */
  async halt(): Promise<void> {
    const all = [...this.#running.values()]
    for (const { controls } of all) controls.halt()
    await Promise.all(all.map(async ({ ended }) => ended))
  }

  /** What happened in a group so far, and then what happens, until it is finished. */
  async watch(id: GroupId, listener: Listener): Promise<() => void> {
    const early: GroupEvent[] = []
    let isCaughtUp = false
    const forget = this.#listen(id, (event) => {
      if (isCaughtUp) listener(event)
      else early.push(event)
    })
    try {
      const group = await this.#known(id)
      const marks = await this.#tools.groups.marks(id)
      isCaughtUp = true
      for (const event of [...groupEvents(group, marks), ...early]) listener(event)
      return forget
    } catch (error) {
      forget()
      throw error
    }
  }

  /** What fails with the store is tried again; all that was done is found again. */
  async #persist(group: Group, controls: Controls): Promise<void> {
    const tools = this.#tools
    const emit = (event: GroupEvent) => {
      this.#tell(group.id, event)
    }
    while (!controls.halted.aborted) {
      try {
        await runGroup({ group, tools, crew: this.#crew, controls, emit })
        return
      } catch (error) {
        tools.log('group let go', { group: group.id, error: String(error) })
        if (error instanceof Problem && error.code === 'lease-lost') return
        await tools.clock.sleep(AGAIN_MS, { signal: controls.halted }).catch(() => undefined)
      }
    }
  }

  #with(service: ServiceName): Running | undefined {
    return [...this.#running.values()].find(({ group }) =>
      group.members.some((member) => member.service === service),
    )
  }

  async #known(id: GroupId): Promise<Group> {
    const group = await this.#tools.groups.read(id)
    if (group) return group
    throw new Problem('group-unknown', {
      message: `there is no group ${id}`,
      hint: 'See which there are: midflight history --group',
      data: { group: id },
    })
  }

  #listen(id: GroupId, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  #tell(id: GroupId, event: GroupEvent): void {
    this.#tools.log(`group ${event.event}`, { ...event, group: id })
    for (const listener of this.#listeners.get(id) ?? []) listener(event)
  }
}

function groupOver(id: GroupId, name: string): Problem {
  return new Problem('no-rollout', {
    message: `the group ${name} (${id}) has ended`,
    hint: 'See how: midflight history --group',
    data: { group: id },
  })
}
