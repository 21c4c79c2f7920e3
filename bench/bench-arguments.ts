import { parseArgs } from 'node:util'
import { Problem } from '../src/core/problem.ts'

/** What a person asked to be measured. No names at all means all of them. */
export interface Asked {
  readonly json: boolean
  readonly cases: readonly string[]
  readonly proxies: readonly string[]
  readonly runs: number
  readonly seconds: number
}

export const USAGE = `npm run bench -- judge [--json] [--runs N]
  --runs           how many simulated rollouts of each kind (1000)

npm run bench -- proxy [--json] [--case NAME]… [--proxy NAME]… [--runs N] [--seconds N]
  --case, --proxy  only these; may be repeated
  --runs           how many rounds; each visits every proxy once (5)
  --seconds        how long each load lasts (5)
  --json           an array of figures instead of a table`

/** Throws `bench-arguments` for words it does not know. */
export function askedFor(words: readonly string[]): Asked {
  const { values, positionals } = parsed(words)
  if (positionals.length !== 1 || positionals[0] !== 'proxy')
    throw refused(
      `there are two benches, \`proxy\` and \`judge\`, not ${JSON.stringify(positionals.join(' '))}`,
    )
  return {
    json: values.json ?? false,
    cases: values.case ?? [],
    proxies: values.proxy ?? [],
    runs: wholeNumber('--runs', values.runs ?? '5'),
    seconds: wholeNumber('--seconds', values.seconds ?? '5'),
  }
}

export function refused(message: string): Problem {
  return new Problem('bench-arguments', { message, hint: 'Ask for it as below.' })
}

/** The ones with these names, or all; throws `bench-arguments` with the names there are for any other. */
export function pick<Named extends { readonly name: string }>(
  what: string,
  all: readonly Named[],
  names: readonly string[],
): readonly Named[] {
  const stranger = names.find((name) => !all.some((one) => one.name === name))
  if (stranger !== undefined)
    throw refused(
      `no ${what} is named ${stranger}; there are ${all.map((one) => one.name).join(', ')}`,
    )
  return names.length === 0 ? all : all.filter((one) => names.includes(one.name))
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        case: { type: 'string', multiple: true },
        proxy: { type: 'string', multiple: true },
        runs: { type: 'string' },
        seconds: { type: 'string' },
      },
    })
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error))
  }
}

/** Throws `bench-arguments` for what is none. */
export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw refused(`${option} is ${JSON.stringify(text)}, not a whole number from 1 to 9999`)
}
