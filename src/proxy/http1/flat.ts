/**
 * The same text in one piece. A text put together from many parts stays a tree of them, which is walked through each time
 * it is written; what is written again and again is better flat. Latin1 only.
 */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
