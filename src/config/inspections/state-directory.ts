import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fine, type Inspection } from './finding.ts'

/** Midflight must be able to write down what it does, or it does nothing. */
export const inspectStateDirectory: Inspection = async (_, { state }) => {
  const reason = await refusal(state)
  if (reason === undefined)
    return [
      fine('state-writable', `the state directory ${state} can be written`, 'the journal is there'),
    ]
  return [
    {
      code: 'state-unwritable',
      level: 'error',
      what: `the state directory ${state} cannot be written (${reason})`,
      why: 'Midflight writes down each step before it takes it',
      hint: `Give yourself the right: sudo chown "$USER" ${state}`,
    },
  ]
}

/** Asks the nearest directory that exists: the rest is made when it is needed. */
async function refusal(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.W_OK | constants.X_OK)
    return (await stat(path)).isDirectory() ? undefined : 'ENOTDIR'
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    return code === 'ENOENT' && dirname(path) !== path ? refusal(dirname(path)) : code
  }
}
