import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem.ts'
import { parseEnvFile, readEnvFile } from './env-file.ts'

describe('a .env file', () => {
  it.each([
    ['A=1', '1'],
    ['  export A = 1  ', '1'],
    ['A=', ''],
    ['A=one two # said', 'one two'],
    ['A=one#two', 'one#two'],
    ['A=#x', ''],
    ["A='one # $x \\n'", 'one # $x \\n'],
    ['A="one\\n\\"two\\" \\\\" # said', 'one\n"two" \\'],
    ['A=a=b', 'a=b'],
    ['# A=0\r\n\r\nA=1\r\n', '1'],
    ['\ufeffA=1', '1'],
    ['A=1\nA=2', '2'],
  ])('%j sets A to %j', (text, value) => {
    expect(parseEnvFile(text).get('A')).toBe(value)
  })

  it.each(['A', '1A=x', '=x', 'A="open', "A='open", 'A="x" y', '- A: x'])(
    'is refused for %j, without showing the line',
    (line) => {
      let thrown: unknown
      try {
        parseEnvFile(`OK=1\n${line}sesame\n`)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(Problem)
      expect(thrown).toMatchObject({ code: 'env-file-invalid', data: { line: 2 } })
      expect(JSON.stringify(thrown)).not.toContain('sesame')
    },
  )

  it('that is not there, or is a directory, holds nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'midflight-'))
    expect((await readEnvFile(join(folder, '.env'))).size).toBe(0)
    await mkdir(join(folder, '.env'))
    expect((await readEnvFile(join(folder, '.env'))).size).toBe(0)
  })
})
