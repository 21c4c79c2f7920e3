/** gRPC's own table, docs/http-grpc-status-mapping.md of its repository; for all others it is 2, UNKNOWN. */
const CODES: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
}

/** What a gRPC client makes of this status of HTTP: 14 is UNAVAILABLE, for one. */
export function grpcStatus(status: number): number {
  return CODES[status] ?? 2
}
