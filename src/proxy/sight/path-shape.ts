const DEPTH = 4
/** What names one thing among many: it has a digit, or is too long for a word. */
const ONE_OF_MANY = /\d|^.{25,}$/

/** A path without its query, with `*` for what names one thing among many: of `/orders/17?page=2` the shape is `/orders/*`. */
export function pathShape(target: string): string {
  const [path = ''] = target.split('?', 1)
  const parts = path.split('/', DEPTH + 2)
  const shape = parts.slice(1, DEPTH + 1).map((part) => (ONE_OF_MANY.test(part) ? '*' : part))
  return `/${shape.join('/')}${parts.length > DEPTH + 1 ? '/…' : ''}`
}
