import { setImmediate } from 'node:timers/promises'

/** A look is some 500 bytes; so many entries of ten looks are held at a time. */
const PAGE = 100

/**
 * Gives entries page by page: `read` is asked for at most so many after that one. Between two pages others get their turn,
 * because to unpack a long rollout's takes seconds.
 */
export async function* recordPages<Entry extends { readonly seq: number }>(
  read: (afterSeq: number, most: number) => readonly Entry[],
): AsyncIterable<readonly Entry[]> {
  let page = read(0, PAGE)
  while (page.length > 0) {
    yield page
    await setImmediate()
    page = read(page.at(-1)?.seq ?? Infinity, PAGE)
  }
}
