const UNKNOWN = 'its certificate is of an authority that is not trusted here'
const TRUST =
  'start Midflight with NODE_EXTRA_CA_CERTS=FILE to trust it, or with NODE_USE_SYSTEM_CA=1 to trust whom the system trusts'

/** What OpenSSL and Node call it (nodejs.org/api/tls.html#x509-certificate-error-codes), and what to do about it. */
const FAULTS: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `${UNKNOWN}, or its server sends no chain; ${TRUST}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `${UNKNOWN}, or its server sends no chain; ${TRUST}`,
  UNABLE_TO_GET_ISSUER_CERT: `${UNKNOWN}; ${TRUST}`,
  SELF_SIGNED_CERT_IN_CHAIN: `${UNKNOWN}; ${TRUST}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is signed by itself; ${TRUST}`,
  CERT_HAS_EXPIRED: 'its certificate has expired; it must be renewed there',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; are the clocks of both machines right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names; use one of them in the URL',
}

/** Why a certificate was not accepted, by the code of the error; `undefined` when that was not the fault. */
export function certificateFault(code: string): string | undefined {
  return Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined
}
