import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeSealed } from '../../src/lib/remove-sealed.ts'

/** Every temporary folder of a test run lies in one, which goes when the run is over, however its tests ended. */
export function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mf-'))
  // Databases in tests run as users of their own and must get through.
  chmodSync(folder, 0o711)
  process.env['TMPDIR'] = folder
  return async () => removeSealed(folder)
}
