import type { Difference } from '../../core/sight.ts'
import { answerFields } from './answer-fields.ts'
import { decoded } from './decoded.ts'
import type { KeptAnswer } from './kept-answer.ts'

export interface Comparison {
  readonly differ: readonly Difference[]
  /** Names of the fields that differ. */
  readonly fields: readonly string[]
  readonly body: 'compared' | 'too-large'
}

/** These belong to the moment or to the user, not to the release. */
const ALWAYS_IGNORED = ['date', 'age', 'set-cookie']

/** How the answer a user got and the answer to the copy differ, but for the fields named in `ignored` (lower case). */
export async function compareAnswers(
  user: KeptAnswer,
  copy: KeptAnswer,
  ignored: readonly string[],
): Promise<Comparison> {
  const [a, b] = [answerFields(user.head.fields), answerFields(copy.head.fields)]
  const unseen = new Set([...ALWAYS_IGNORED, ...ignored])
  const names = new Set([...a.keys(), ...b.keys()]).difference(unseen)
  const fields = [...names].filter((name) => a.get(name) !== b.get(name))
  const [mine, other] = [user.content(), copy.content()]
  const compared = mine !== undefined && other !== undefined
  const bodies = compared
    ? await Promise.all([
        decoded(mine, a.get('content-encoding')),
        decoded(other, b.get('content-encoding')),
      ])
    : undefined
  const differ: Difference[] = []
  if (user.head.status !== copy.head.status) differ.push('status')
  if (fields.length > 0) differ.push('fields')
  if (bodies && !bodies[0].equals(bodies[1])) differ.push('body')
  return { differ, fields, body: compared ? 'compared' : 'too-large' }
}
