import { lenientAnswer, lenientRequests } from './lenient-reading.ts'
import { makeAnswer } from './make-answer.ts'
import { makeRequest } from './make-request.ts'
import { mutate } from './mutate.ts'
import { nodeAnswer, nodeRequests } from './node-reading.ts'
import { ourAnswer, ourRequests } from './our-reading.ts'
import type { Random } from './random.ts'
import type { Reading } from './reading.ts'

/** Something that is fuzzed: how its input is made, and who reads it. */
export interface Subject {
  readonly name: 'requests' | 'answers' | 'answers to HEAD'
  make(random: Random): string
  ours(reads: readonly Buffer[]): Reading
  readonly others: readonly Other[]
}

export interface Other {
  readonly name: 'node' | 'lenient'
  read(reads: readonly Buffer[]): Reading
}

/** Shows where the message before it ended. */
const SENTINEL = 'GET /sentinel HTTP/1.1\r\nHost: a\r\n\r\n'

const requests: Subject = {
  name: 'requests',
  make: (random) => {
    const first = makeRequest(random)
    const again = random.onceIn(3)
    const all = first + random.some(0, 2, () => (again ? first : makeRequest(random))).join('')
    const text = random.onceIn(2) ? mutate(random, all) : all
    return random.onceIn(5) ? text : text + SENTINEL
  },
  ours: ourRequests,
  others: [
    { name: 'node', read: nodeRequests },
    { name: 'lenient', read: lenientRequests },
  ],
}

function answersTo(name: Subject['name'], method: string): Subject {
  return {
    name,
    make: (random) => {
      const text = makeAnswer(random)
      const changed = random.onceIn(2) ? mutate(random, text) : text
      return random.onceIn(6) ? changed.slice(0, random.below(changed.length)) : changed
    },
    ours: (reads) => ourAnswer(reads, method),
    others: [
      { name: 'node', read: (reads) => nodeAnswer(reads, method) },
      { name: 'lenient', read: (reads) => lenientAnswer(reads, method) },
    ],
  }
}

export const SUBJECTS: readonly [Subject, ...Subject[]] = [
  requests,
  answersTo('answers', 'GET'),
  answersTo('answers to HEAD', 'HEAD'),
]
