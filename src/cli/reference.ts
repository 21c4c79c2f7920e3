import type { Command } from 'commander'

const INTRODUCTION = `# The command line

This page is generated from the commands themselves (\`node src/cli/write-reference.ts\`).

| exit status | meaning |
|---|---|
| 0 | good |
| 1 | the rollout was undone or got stuck, or the service is degraded |
| 2 | the call was wrong; nothing was changed |

With \`--json\` a verb prints JSON: one object, or one a line where it goes on for a while (\`deploy\`, \`rollback\`, \`up --detach\`,
\`logs\`). What went wrong is \`{"problem": {"code", "message", "hint", "data"}}\`; [problems.md](problems.md) lists the codes.

| variable | meaning |
|---|---|
| \`MIDFLIGHT_STATE\` | the state directory, where \`--state\` is not given |
| \`MIDFLIGHT_API\` | the URL of a controller that serves its API over TCP, instead of the unix socket in the state directory |
| \`MIDFLIGHT_TOKEN\` | the token of that API: for the controller to ask for, and for the others to send |
| \`MIDFLIGHT_BY\` | who asks, where \`--by\` is not given: so that a pipeline is told from a person |
| \`NO_COLOR\` | no colours, whatever the terminal can do |
`

const WIDTH = 100

/** The text of the committed \`docs/reference/cli.md\`: what each verb's \`--help\` says. */
export function cliReference(program: Command): string {
  const chapters = [program, ...program.commands].map((command) => {
    const title = command === program ? 'midflight' : `midflight ${command.name()}`
    return [`## ${title}`, '', '```text', helpOf(command), '```', ''].join('\n')
  })
  return [INTRODUCTION, ...chapters].join('\n')
}

/** As on a terminal of that width without colours, so that it is the same on every machine. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (part) => {
      text += part
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return text.trimEnd()
}
