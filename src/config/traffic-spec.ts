import { resolve } from 'node:path'
import type { EntrySpec, TlsSpec } from '../core/entry.ts'
import type { TrafficSpec } from '../core/service.ts'
import type { ServiceFile } from './service-file.ts'

/** How the file wants its traffic treated, in core's words: what is off is not there. Paths are relative to `folder`. */
export function trafficSpec(file: ServiceFile, folder: string): TrafficSpec {
  const entry = entrySpec(file, folder)
  const { user, geo, rules, sticky, mirror } = file
  return {
    ...(entry && { entry }),
    balance: file.balance,
    ...(sticky && { sticky }),
    ...(rules.length > 0 && { rules }),
    ...((user ?? geo) !== undefined && {
      lookups: {
        ...(user && { user }),
        ...(geo !== undefined && { countryFile: resolve(folder, geo) }),
      },
    }),
    ...(mirror && { mirror }),
    ...(file['asset-fallback'].length > 0 && { assets: file['asset-fallback'] }),
    ...(file.stop.ending && { ending: file.stop.ending }),
    ...(file['access-log'] > 0 && { logged: file['access-log'] }),
  }
}

function entrySpec({ clients, tls }: ServiceFile, folder: string): EntrySpec | undefined {
  const isPlain = !clients.http2 && !clients.proxyProtocol && clients.trusted.length === 0
  if (isPlain && !tls) return undefined
  return { ...clients, ...(tls && { tls: withPaths(tls, folder) }) }
}

function withPaths(tls: TlsSpec, folder: string): TlsSpec {
  const { certificates, acme } = tls
  return {
    ...tls,
    certificates: certificates.map(({ cert, key }) => ({
      cert: resolve(folder, cert),
      key: resolve(folder, key),
    })),
    ...(acme && {
      acme: { ...acme, ...(acme.root !== undefined && { root: resolve(folder, acme.root) }) },
    }),
  }
}
