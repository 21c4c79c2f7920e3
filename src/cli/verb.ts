import { Command } from 'commander'

/** A verb with its description, and an example that its --help shows. */
export function verb(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option('--state <dir>', 'the state directory')
    .option('--service <name>', 'the service, when the controller has several')
    .option('--json', 'print JSON instead of text')
    .addHelpText('after', `\nExample:\n  $ ${example}\n`)
}
