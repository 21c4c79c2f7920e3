import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { detectProject } from '../../config/detect.ts'
import { renderConfig } from '../../config/render.ts'
import { Problem } from '../../core/problem.ts'
import { verb } from '../verb.ts'
import { commonOf, folderOf } from '../where.ts'

export function init(): Command {
  return verb('init', 'Look at a project and write a midflight.yaml for it', 'midflight init')
    .argument('[path]', 'the folder of the project')
    .option('--force', 'replace a file that is there')
    .action(async (path: string | undefined, options: { force?: boolean }, command: Command) => {
      const { json } = commonOf(command)
      const folder = folderOf(path)
      const file = join(folder, 'midflight.yaml')
      if (existsSync(file) && !options.force) throw fileThere(file)
      const suggestion = await detectProject(folder)
      await writeFile(file, renderConfig(suggestion))
      if (json) return console.log(JSON.stringify({ file, suggestion }))
      const { service, command: found, ready } = suggestion
      console.log(`wrote ${file} for ${service}`)
      console.log(
        found
          ? `  run: ${found.run}  (${found.why})`
          : '  run: nothing here tells how the app is run; write its command',
      )
      if (ready) console.log(`  ready: ${ready.path}  (${ready.why})`)
      console.log('next: midflight check, then midflight up')
    })
}

function fileThere(file: string): Problem {
  return new Problem('config-exists', {
    message: `${file} is there already`,
    hint: 'Edit it, or write it anew with --force.',
    data: { file },
  })
}
