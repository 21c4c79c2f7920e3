import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { occasion as usual, SECRET } from '../../../../test/contract/gate.ts'
import { until } from '../../../../test/support/until.ts'
import { commandGate } from './command-gate.ts'

describe('a command as a gate', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'midflight-gate-'))
  })
  afterAll(async () => rm(directory, { recursive: true }))

  const ask = async (run: string, timeoutMs = 10_000) => {
    const occasion = { ...usual, release: { ...usual.release, directory } }
    return commandGate.ask({ kind: 'command', run }, occasion, { timeoutMs })
  }
  /** The number that the command wrote there. */
  const pidIn = async (file: string) =>
    Number(
      await until(
        async () => readFile(join(directory, file), 'utf8').catch(() => ''),
        (text) => /^\d+\n$/.test(text),
      ),
    )
  const ends = async (pid: number) => {
    const isAlive = async () => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
      return !/\) Z/.test(stat)
    }
    await until(isAlive, (is) => !is)
  }

  it('runs in the release, and knows from its environment what it is asked about', async () => {
    const words = '$MIDFLIGHT_SERVICE $MIDFLIGHT_FROM $MIDFLIGHT_RELEASE $MIDFLIGHT_ROLLOUT'
    const answer = await ask(`echo "$(pwd) $GREETING ${words} $MIDFLIGHT_STEP"`)
    expect(answer).toEqual({ kind: 'yes', note: `${directory} hello shop v1 v2 7 before 25%` })
  })

  it('tells the exit status and the last line of its output', async () => {
    expect(await ask('echo one; echo two >&2; echo; exit 3')).toEqual({
      kind: 'no',
      why: 'exit status 3: two',
    })
  })

  it('hides the secrets that the command prints', async () => {
    expect(await ask('echo "password is $TOKEN"; exit 1')).toEqual({
      kind: 'no',
      why: 'exit status 1: password is ***',
    })
    expect(SECRET.length).toBeGreaterThan(6)
  })

  it('keeps only the end of a long output', async () => {
    expect(await ask('yes | head -c 3000000; echo; echo the end')).toEqual({
      kind: 'yes',
      note: 'the end',
    })
  })

  it('kills all that the command started when it takes too long', async () => {
    const asking = ask('sleep 600 & echo $! > child; wait', 300)
    const child = await pidIn('child')
    expect(await asking).toEqual({ kind: 'none', why: 'still running after 300 ms, and killed' })
    await ends(child)
  })

  it('does not wait for what the command left behind, and kills it', async () => {
    expect(await ask('sleep 600 & echo $! > left; exit 0')).toMatchObject({ kind: 'yes' })
    await ends(await pidIn('left'))
  })

  it('has no answer when the release’s directory is gone', async () => {
    const occasion = { ...usual, release: { ...usual.release, directory: '/no/such/directory' } }
    const answer = await commandGate.ask({ kind: 'command', run: 'true' }, occasion, {})
    expect(answer).toEqual({ kind: 'none', why: 'it could not be run (ENOENT)' })
  })
})
