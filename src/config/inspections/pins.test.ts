import { expect, it } from 'vitest'
import { head, loadText } from '../../../test/support/load-text.ts'
import { inspectPins } from './pins.ts'

const found = async (to: string) => {
  const spec = await loadText(`${head}rules: [{ when: { path: /a }, to: ${to} }]`)
  return inspectPins(spec, { file: '', state: '', path: '', ownPids: [] })
}

it('check says of a rule that names a release that it may not be there', async () => {
  expect(await found('{ release: v9 }')).toMatchObject([
    { code: 'release-named', level: 'warning', what: 'rules[0] sends to v9 by its name' },
  ])
  expect(await found('candidate')).toEqual([])
})
