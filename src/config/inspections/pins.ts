import { pinsIn } from '../../core/pin.ts'
import type { Inspection } from './finding.ts'

/** A release that is named may have ended, or be yet to come: the file alone does not tell. */
export const inspectPins: Inspection = ({ traffic }) =>
  pinsIn(traffic).map(({ of, release }) => ({
    code: 'release-named',
    level: 'warning',
    what: `${of} sends to ${release} by its name`,
    why: `while no instance of ${release} serves, it sends nothing there; that is not known before`,
    hint: 'midflight status tells when it does not. candidate and stable are always the right ones.',
  }))
