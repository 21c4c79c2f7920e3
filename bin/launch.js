import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Starts the command line, under the Node that came with the package when this one is older than 24. */
export async function launch(args) {
  if (Number(process.versions.node.split('.')[0]) < 24) return underOwnNode(args)
  // The repository is run as it is, the published package from its compiled files.
  const source = new URL('../src/cli/main.ts', import.meta.url)
  const main = existsSync(source) ? source : new URL('../dist/cli/main.js', import.meta.url)
  const { main: run } = await import(main)
  await run(args)
}

function underOwnNode(args) {
  const node = createRequire(import.meta.url).resolve('node/bin/node')
  const script = fileURLToPath(new URL('midflight.js', import.meta.url))
  const child = spawn(node, [script, ...args], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}
