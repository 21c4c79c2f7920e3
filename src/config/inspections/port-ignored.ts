import { readSources } from '../source-texts.ts'
import type { Inspection } from './finding.ts'

/** `listen(3000`, `port: 3000`, `port=3000` and the like. */
const FIXED = /\.listen\(\s*(\d{2,5})\b|\bport\s*[:=]\s*(\d{2,5})\b/i

/** Two instances cannot have the same port: an app that names its own never gets past the first. */
export const inspectPortIgnored: Inspection = async (spec) => {
  if (!spec.listen) return []
  const sources = await readSources(spec.directory)
  const knowsPort = [spec.run, ...sources.map((source) => source.text)].some((text) =>
    /\bPORT\b/.test(text),
  )
  if (knowsPort) return []
  const source = sources.find(({ text }) => FIXED.test(text))
  if (!source) return []
  const [, listening, named] = FIXED.exec(source.text) ?? []
  return [
    {
      code: 'port-ignored',
      level: 'warning',
      what: `${source.path} names port ${listening ?? named ?? ''}, and PORT stands nowhere`,
      why: 'each instance gets its own port in PORT and must listen there, or it never becomes ready',
      hint: 'Listen on process.env.PORT (in Python: os.environ["PORT"]), or pass $PORT in run.',
    },
  ]
}
