import { describe, expect, it } from 'vitest'
import { head, problemIn } from '../../test/support/load-text.ts'

describe('what is no file for Midflight', () => {
  it.each([
    [
      '',
      'config-invalid',
      'midflight.yaml:1:1: the file must be a mapping that begins with service: and run:, is empty',
    ],
    ['# nothing\n', 'config-invalid', 'midflight.yaml:1:1: the file must be'],
    [
      '- a\n',
      'config-invalid',
      'midflight.yaml:1:1: the file must be a mapping that begins with service: and run:, is a list',
    ],
    ['hello', 'config-invalid', 'is "hello"'],
    [`${head}run: again\n`, 'config-syntax', 'midflight.yaml:3:1: key "run" is here twice'],
    ['a:\n\t- b', 'config-syntax', 'midflight.yaml:2:1: a tab indents this line'],
    ['run: node x: y', 'config-syntax', 'midflight.yaml:1:6: this is not YAML'],
    [`${head}---\na: b`, 'config-syntax', 'midflight.yaml:3:1: a second document begins here'],
    ['? [a]\n: b', 'config-syntax', 'a key must be text'],
    ['run: @x', 'config-syntax', 'midflight.yaml:1:6: a value cannot begin with @'],
    ['run: !now x', 'config-syntax', 'midflight.yaml:1:6: this is not YAML: Unresolved tag: !now'],
    ['run: *x', 'config-syntax', 'midflight.yaml:1:6: *x stands for nothing'],
    [
      'a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n',
      'config-syntax',
      'midflight.yaml:1:1: the aliases cannot be followed',
    ],
    [
      Buffer.from('service: caf\xe9\n', 'latin1'),
      'config-syntax',
      'midflight.yaml:1:13: this is not UTF-8',
    ],
    ['service: \0\n', 'config-invalid', 'midflight.yaml:1:1: run is missing'],
  ])('%j is a %s', async (text, code, message) => {
    const thrown = await problemIn(text)
    expect(thrown.code).toBe(code)
    expect(thrown.message).toContain(message)
    expect(thrown.hint).not.toBe('')
  })
})
