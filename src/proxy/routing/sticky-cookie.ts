import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ServiceName } from '../../core/names.ts'

/** What the proxy's own cookie says of a user. */
export interface Ticket {
  /** A random name of the user, known to nobody else. */
  readonly user: string
  /** The tags of the instances it was last on, newest first: one for each release it goes to and fro between. */
  readonly instances: readonly string[]
  /** Seconds since the Unix epoch. */
  readonly issued: number
}

const VERSION = '1'
const USER_BYTES = 12
const TAG_BYTES = 9
const TAG_LENGTH = 12
const MOST_TAGS = 2
/** Half of SHA-256, the least that RFC 2104 §5 allows. */
const MAC_BYTES = 16
const LONGEST = 96

/** Gives out the tickets of one service and knows them again: `version.user.instances.issued.mac`. */
export class StickyCookie {
  readonly name: string
  readonly #service: ServiceName
  readonly #key: Buffer
  /** In seconds; 0 until the browser is closed. */
  readonly #lasts: number
  readonly #tags = new WeakMap<object, string>()

  constructor(service: ServiceName, key: Buffer, forMs: number) {
    this.name = `midflight-${service}`
    this.#service = service
    this.#key = key
    this.#lasts = Math.ceil(forMs / 1000)
  }

  /** For a user nobody has seen. */
  newUser(): string {
    return randomBytes(USER_BYTES).toString('base64url')
  }

  /** An opaque name of an instance, another one for each of its processes. */
  tagOf(instance: { readonly id: string; readonly generation: string }): string {
    const known = this.#tags.get(instance)
    if (known !== undefined) return known
    const tag = this.#mac(`instance\n${instance.id}\n${instance.generation}`)
      .subarray(0, TAG_BYTES)
      .toString('base64url')
    this.#tags.set(instance, tag)
    return tag
  }

  /** The ticket in the value of a cookie; `undefined` when it is forged, of another service, or older than it may be. */
  read(value: string, nowMs: number): Ticket | undefined {
    const parts = value.length > LONGEST ? [] : value.split('.')
    const [version, user = '', tags = '', issued = '', mac = ''] = parts
    if (parts.length !== 5 || version !== VERSION) return undefined
    const given = Buffer.from(mac, 'base64url')
    if (given.length !== MAC_BYTES) return undefined
    if (!timingSafeEqual(given, this.#sealOf(user, tags, issued))) return undefined
    const ticket = { user, instances: apart(tags), issued: parseInt(issued, 36) }
    return this.#lasts > 0 && this.#ageOf(ticket, nowMs) > this.#lasts ? undefined : ticket
  }

  /** Half of its time is over: who is still there keeps it for longer. */
  isOld(ticket: Ticket, nowMs: number): boolean {
    return this.#lasts > 0 && this.#ageOf(ticket, nowMs) > this.#lasts / 2
  }

  /** The line that gives a ticket to a client (RFC 6265 §4.1). Scripts cannot read it, and other sites do not send it. */
  line(ticket: Omit<Ticket, 'issued'>, over: 'tls' | 'plain', nowMs: number): string {
    const issued = Math.floor(nowMs / 1000).toString(36)
    const tags = ticket.instances.slice(0, MOST_TAGS).join('')
    const mac = this.#sealOf(ticket.user, tags, issued).toString('base64url')
    const value = [VERSION, ticket.user, tags, issued, mac].join('.')
    const lasts = this.#lasts > 0 ? `; Max-Age=${this.#lasts}` : ''
    const tls = over === 'tls' ? '; Secure' : ''
    return `Set-Cookie: ${this.name}=${value}; Path=/${lasts}; HttpOnly; SameSite=Lax${tls}\r\n`
  }

  #ageOf(ticket: Ticket, nowMs: number): number {
    return nowMs / 1000 - ticket.issued
  }

  #sealOf(user: string, tags: string, issued: string): Buffer {
    return this.#mac(`ticket\n${VERSION}\n${user}\n${tags}\n${issued}`).subarray(0, MAC_BYTES)
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(`${this.#service}\n${text}`).digest()
  }
}

function apart(tags: string): readonly string[] {
  return tags === '' ? [] : [tags.slice(0, TAG_LENGTH), tags.slice(TAG_LENGTH)].filter(Boolean)
}
