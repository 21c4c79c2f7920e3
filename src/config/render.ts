import { stringify } from 'yaml'
import type { Suggestion } from './detect.ts'

/** What stands in for a command that nobody could guess. */
const PLACEHOLDER = 'echo "midflight.yaml needs a run command" && exit 1'

/** A commented midflight.yaml for a suggestion. It loads without a fault as it is. */
export function renderConfig(suggestion: Suggestion): string {
  const { service, command, ready } = suggestion
  return [
    '# yaml-language-server: $schema=./node_modules/midflight/schema.json',
    '# What a new release is made of and how it takes over. Check this file with: midflight check',
    '',
    pair('service', service),
    '',
    '# The shell command that runs one instance. It learns its port from PORT.',
    comment(
      command
        ? `Chosen because ${command.why}.`
        : 'Nothing here tells how the app is run: write its command.',
    ),
    ...(command?.notes ?? []).map(comment),
    pair('run', command?.run ?? PLACEHOLDER),
    ...(command?.build
      ? [
          '# Runs once in each release’s own copy; without it the copy takes along what is here.',
          comment(pair('build', command.build)),
        ]
      : []),
    '',
    '# Two, so that one can serve while the other is replaced or dies.',
    'instances: 2',
    '',
    '# Where users reach the service: a port, or host:port.',
    'listen: 8080',
    '',
    '# An instance gets traffic when GET on this path answers 200 to 399.',
    comment(
      ready
        ? `Chosen because ${ready.why}.`
        : 'No usual path was found in the sources; one that tells when the app can serve is better.',
    ),
    pair('ready', ready?.path ?? '/'),
    '',
    '# A replaced instance has this long to finish what it is doing.',
    'stop: { drain: 30s }',
    '',
    '# A growing share of the traffic instead of one instance after the other:',
    '# rollout:',
    '#   strategy: canary',
    '#   steps: [1%, 5%, 25%, 50%]',
    '',
  ].join('\n')
}

function pair(key: string, value: string): string {
  return stringify({ [key]: value }, { lineWidth: 0 }).trim()
}

function comment(text: string): string {
  return `# ${text.replaceAll('\n', ' ')}`
}
