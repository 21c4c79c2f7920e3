export interface Address {
  readonly host: string
  readonly port: number
}

/** Where an instance is reached: an address, or the path of a unix socket. */
export type InstanceAddress = Address | { readonly path: string }
