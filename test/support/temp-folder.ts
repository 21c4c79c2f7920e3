import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Every temporary folder of a test run lies in one, which goes when the run is over, however its tests ended. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mf-'))
  // Databases in tests run as users of their own and must get through.
  chmodSync(folder, 0o711)
  process.env['TMPDIR'] = folder
  return () => {
    // A release is sealed; its directories must be opened before they can be emptied by an ordinary user.
    openUp(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

function openUp(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    if (statSync(path).uid === process.getuid?.()) chmodSync(path, 0o700)
    openUp(path)
  }
}
