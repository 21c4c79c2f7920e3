import { isDeepStrictEqual } from 'node:util'
import type { Address } from '../core/address.ts'
import type { ServiceName } from '../core/names.ts'
import type { Route, Snapshot } from '../core/route.ts'
import type { ListeningSocket } from './listening-socket.ts'
import type { Sockets } from './sockets.ts'

/** What the proxy has of one service: the route in force and the socket it is reached by. */
export interface Post {
  readonly route: Route
  readonly socket: ListeningSocket
  /** Sends who comes over plain HTTP to HTTPS. */
  readonly redirect?: ListeningSocket
}

/** One service gets a new post, or none any more. */
export interface Change {
  readonly service: ServiceName
  readonly post: Post | undefined
}

/** What the proxy has in its charge. A change costs what it changes, not what there is. */
export class Charge {
  readonly #posts: Map<ServiceName, Post>
  /** Whose each address is. */
  readonly #owners = new Map<string, ServiceName>()
  #version: number

  constructor(version: number, posts: readonly Post[]) {
    this.#version = version
    this.#posts = new Map(posts.map((post) => [post.route.service, post]))
    for (const post of posts) this.#own(post)
  }

  /** Of the routes in force; grows with each change. */
  get version(): number {
    return this.#version
  }

  get posts(): readonly Post[] {
    return [...this.#posts.values()]
  }

  get routes(): readonly Route[] {
    return this.posts.map((post) => post.route)
  }

  get snapshot(): Snapshot {
    return { version: this.#version, routes: this.routes }
  }

  postOf(service: ServiceName): Post | undefined {
    return this.#posts.get(service)
  }

  routeOf(service: ServiceName): Route | undefined {
    return this.#posts.get(service)?.route
  }

  /** The service that is reached at this address. */
  ownerOf(address: Address): ServiceName | undefined {
    return this.#owners.get(placeOf(address))
  }

  /** As it will be with this change. */
  snapshotWith({ service, post }: Change): Snapshot {
    const others = this.routes.filter((route) => route.service !== service)
    return { version: this.#version + 1, routes: post ? [...others, post.route] : others }
  }

  /** The same posts under the next version, so that it can be seen when they are obeyed anew. */
  renumber(): void {
    this.#version += 1
  }

  become({ service, post }: Change): void {
    this.#version += 1
    const before = this.#posts.get(service)
    if (before) this.#disown(before)
    if (!post) return void this.#posts.delete(service)
    this.#posts.set(service, post)
    this.#own(post)
  }

  #own({ route }: Post): void {
    for (const address of addressesOf(route)) this.#owners.set(placeOf(address), route.service)
  }

  #disown({ route }: Post): void {
    for (const address of addressesOf(route)) this.#owners.delete(placeOf(address))
  }
}

/** Where the service of this route is reached. */
export function addressesOf({ listen, traffic }: Route): readonly Address[] {
  const redirect = traffic?.entry?.tls?.redirect
  return redirect ? [listen, redirect] : [listen]
}

function placeOf({ host, port }: Address): string {
  return `${host} ${port}`
}

/** Every socket of a post. */
export function socketsOf(post: Post | undefined): readonly ListeningSocket[] {
  if (!post) return []
  return post.redirect ? [post.socket, post.redirect] : [post.socket]
}

/** The post for this route, with the sockets of the one before where the address is the same. Rejects as `bindSocket` does. */
export async function postFor(
  route: Route,
  before: Post | undefined,
  sockets: Sockets,
): Promise<Post> {
  const socket = await socketAt(route.listen, before?.socket, sockets)
  const side = route.traffic?.entry?.tls?.redirect
  if (!side) return { route, socket }
  try {
    return { route, socket, redirect: await socketAt(side, before?.redirect, sockets) }
  } catch (error) {
    if (socket !== before?.socket) socket.close()
    throw error
  }
}

async function socketAt(
  address: Address,
  before: ListeningSocket | undefined,
  sockets: Sockets,
): Promise<ListeningSocket> {
  const stays = before && isDeepStrictEqual(before.address, address)
  return stays ? before : await sockets.take(address)
}

/** Lets go of the sockets of these posts that the one in force does not need. */
export function closeAllBut(kept: Post | undefined, ...posts: readonly (Post | undefined)[]): void {
  const needed = new Set(socketsOf(kept))
  for (const socket of new Set(posts.flatMap(socketsOf)).difference(needed)) socket.close()
}

/** The address of the socket with this key, of all posts of the charge and of this one. */
export function addressOf(
  charge: Charge,
  post: Post | undefined,
  key: string,
): Address | undefined {
  const all = [post, ...charge.posts].flatMap(socketsOf)
  return all.find((socket) => socket.key === key)?.address
}
