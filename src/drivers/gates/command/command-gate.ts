import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, Gate, Occasion } from '../../../core/asking.ts'
import type { CommandQuestion } from '../../../core/gate.ts'
import { foreignText } from '../../../lib/foreign-text.ts'
import { within } from '../../../lib/within.ts'
import { Tail } from './tail.ts'

/** How long what the command said may still come after it ended. */
const LAST_WORDS_MS = 200

/** `sh` could not run it (POSIX XCU 2.8.2), or a signal ended what it ran. */
const FIRST_NO_ANSWER = 126

/**
 * A command on this machine: exit status 0 is yes, another one no, with the end of its output as the reason. What could not
 * be run, or was killed, has not answered. It is the first of a process group, and all of that ends with it.
 */
export const commandGate: Gate<CommandQuestion> = {
  ask: async (question, occasion, { timeoutMs, signal }) =>
    within<Answer>(
      { ms: timeoutMs, signal, late: none(`still running after ${timeoutMs ?? 0} ms, and killed`) },
      async (limited) => run(question, occasion, limited),
    ),
}

async function run(
  { run: command }: CommandQuestion,
  occasion: Occasion,
  signal: AbortSignal,
): Promise<Answer> {
  const { directory, spec } = occasion.release
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(occasion),
  })
  const tail = new Tail()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => tail.add(chunk))
  try {
    const [status, killedBy] = await exitOf(child, signal)
    await lastWords(child)
    return answerOf(status, killedBy, foreignText(tail.text, Object.values(spec.env)))
  } catch (error) {
    signal.throwIfAborted()
    return none(`it could not be run (${String((error as { code?: unknown }).code)})`)
  } finally {
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

type Exit = [status: number | null, killedBy: string | null]

/** Ends the whole group when its first process has ended, or the signal fires. */
async function exitOf(child: ChildProcess, signal: AbortSignal): Promise<Exit> {
  const exited = once(child, 'exit') as Promise<Exit>
  const kill = () => {
    endGroup(child)
  }
  signal.addEventListener('abort', kill)
  try {
    if (signal.aborted) kill()
    const exit = await exited
    signal.throwIfAborted()
    kill()
    return exit
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

function answerOf(status: number | null, killedBy: string | null, said: string): Answer {
  const words = said && `: ${said}`
  if (killedBy !== null) return none(`ended by ${killedBy}${words}`)
  if (status === 0) return { kind: 'yes', ...(said !== '' && { note: said }) }
  const why = `exit status ${status ?? 0}${words}`
  return status !== null && status >= FIRST_NO_ANSWER ? none(why) : { kind: 'no', why }
}

/** What the controller has, except its own `MIDFLIGHT_…`, then what the service's file sets, then what it is asked about. */
function environmentOf({ release, from, rollout, step }: Occasion): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MIDFLIGHT_'))
  return {
    ...Object.fromEntries(inherited),
    ...release.spec.env,
    MIDFLIGHT_SERVICE: release.service,
    MIDFLIGHT_RELEASE: release.id,
    MIDFLIGHT_STEP: step,
    ...(from !== undefined && { MIDFLIGHT_FROM: from }),
    ...(rollout !== undefined && { MIDFLIGHT_ROLLOUT: String(rollout) }),
  }
}

/** A process of the group that left it keeps the pipes open; it is not waited for. */
async function lastWords(child: ChildProcess): Promise<void> {
  const late = AbortSignal.timeout(LAST_WORDS_MS)
  try {
    await once(child, 'close', { signal: late })
  } catch (error) {
    if (!late.aborted) throw error
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // All of it has ended already.
    if ((error as { code?: unknown }).code !== 'ESRCH') throw error
  }
}

function none(why: string): Answer {
  return { kind: 'none', why }
}
