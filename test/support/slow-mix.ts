import type { Strand } from '../../src/prove/arrivals.ts'
import { pattern } from '../../src/prove/pattern.ts'

const BYTES = 200_000
const EACH_SECOND = 8

/** Uploads, downloads and WebSockets that each take this long. */
export function slowMix(lastsMs: number): readonly Strand[] {
  return [
    {
      perSecond: EACH_SECOND,
      make: (n) => ({
        kind: 'upload',
        method: 'PUT',
        path: `/upload/slow-${n}`,
        connection: 'fresh',
        body: { bytes: pattern(BYTES), framing: n % 2 ? 'length' : 'chunked', overMs: lastsMs },
        effect: { id: `slow-${n}` },
        check: ({ status }) => (status === 201 ? undefined : `answered ${status}`),
      }),
    },
    {
      perSecond: EACH_SECOND,
      make: (n) => ({
        kind: 'download',
        method: 'GET',
        path: `/download?bytes=${BYTES}&ms=${lastsMs}${n % 2 ? '' : '&chunked'}`,
        connection: 'fresh',
        check: ({ bytes }) => (bytes === BYTES ? undefined : `${bytes} bytes came`),
      }),
    },
    {
      perSecond: EACH_SECOND,
      make: () => ({ kind: 'websocket', path: '/ws', lastsMs, talk: 'echo' }),
    },
  ]
}
