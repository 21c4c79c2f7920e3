/** Every character of a shielded expression moves by this much, into Unicode's private use area. */
const SHIFT = 0xe000

const EXPRESSION = /\$\{[A-Za-z_]\w*(?::-[\x20!#-&(-[\]-z|~]*)?\}/g

/**
 * Hides `${VAR}` from YAML, so that its braces mean nothing there: `{ A: ${B} }` would be no YAML otherwise.
 * The text keeps its length, so every position stays right.
 */
export function shield(text: string): string {
  return text.replaceAll(EXPRESSION, (expression) => moved(expression, SHIFT))
}

/** What `shield` was given. */
export function unshield(text: string): string {
  return text.replaceAll(/\ue024\ue07b[\ue020-\ue07e]*?\ue07d/g, (hidden) => moved(hidden, -SHIFT))
}

function moved(text: string, by: number): string {
  return text.replaceAll(/./gs, (letter) => String.fromCodePoint(letter.charCodeAt(0) + by))
}
