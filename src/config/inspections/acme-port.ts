import type { Inspection } from './finding.ts'

/** The authority comes to a fixed port (RFC 8555 §8.3, RFC 8737 §3). Something before this machine may lead it here. */
export const inspectAcmePort: Inspection = ({ listen, traffic }) => {
  const tls = traffic?.entry?.tls
  if (!tls?.acme || !listen) return []
  const isHttp = tls.acme.challenge === 'http-01'
  const [wanted, has] = isHttp ? [80, tls.redirect?.port] : [443, listen.port]
  if (has === undefined || has === wanted) return []
  return [
    {
      code: 'acme-port',
      level: 'warning',
      what: `${tls.acme.challenge} is asked at port ${wanted}, and Midflight listens at ${has}`,
      why: 'the authority must reach it, or there is no certificate',
      hint: `Lead port ${wanted} of the name to ${has} here, or give ${isHttp ? 'tls: { redirect: 80 }' : 'listen: 443'}`,
    },
  ]
}
