import { findConfig, loadConfig } from '../config/load.ts'
import { withStrategy } from '../config/with-strategy.ts'
import type { ServiceSpec } from '../core/service.ts'

/** The service as the file in this folder tells it, with another strategy when one was asked for. */
export async function specFor(folder: string, strategy?: string): Promise<ServiceSpec> {
  const spec = await loadConfig(await findConfig(folder), { env: process.env })
  return strategy === undefined ? spec : withStrategy(spec, strategy)
}
