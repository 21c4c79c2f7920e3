import type { DetectedCommand, Project } from './detected-command.ts'

/** A Dockerfile's last CMD, when nothing else says how the app is run. */
export async function detectDockerfile(project: Project): Promise<DetectedCommand | undefined> {
  const text = await project.read('Dockerfile')
  if (text === undefined) return undefined
  const lines = text.replaceAll(/\s*\\\r?\n\s*/g, ' ')
  const command = lastOf(lines, 'CMD')
  if (command === undefined) return undefined
  const entry = lastOf(lines, 'ENTRYPOINT')
  const exposed = /^\s*EXPOSE\s+(\d+)/im.exec(lines)?.[1]
  return {
    run: [entry, command].filter((part) => part !== undefined).join(' '),
    why: 'the Dockerfile runs it',
    notes: [
      'Midflight runs it on this machine, not in the image: what it needs must be installed here.',
      ...(exposed
        ? [`The Dockerfile exposes ${exposed}: see that the app listens on $PORT instead.`]
        : []),
    ],
  }
}

function lastOf(text: string, instruction: string): string | undefined {
  const last = [...text.matchAll(new RegExp(`^\\s*${instruction}\\s+(\\S.*)$`, 'gim'))]
    .at(-1)?.[1]
    ?.trim()
  if (!last?.startsWith('[')) return last
  const words = [...last.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '')
  return words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`)).join(' ')
}
