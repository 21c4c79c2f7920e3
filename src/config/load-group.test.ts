import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectOf } from '../../test/support/project-of.ts'
import { groupSchemaFile } from './group-schema-file.ts'
import { loadGroup } from './load-group.ts'

const service = (name: string, port: number) => `service: ${name}\nrun: node .\nlisten: ${port}\n`
const three = {
  'orders/midflight.yaml': service('orders', 8001),
  'web/midflight.yaml': service('web', 8002),
  'twin/midflight.yaml': service('twin', 8002),
  'again/midflight.yaml': service('web', 8003),
  'broken/midflight.yaml': 'service: broken\nrun: node .\ninstances: three\n',
}

async function load(text: string) {
  const folder = await projectOf({ ...three, 'midflight.group.yaml': text })
  return loadGroup(join(folder, 'midflight.group.yaml'), { env: {} })
}

async function refusal(text: string) {
  const error: unknown = await load(text).then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  )
  return error as { code: string; message: string; hint: string }
}

describe('midflight.group.yaml', () => {
  it('names folders in their order, relative to itself', async () => {
    const { name, members } = await load('group: site\nservices: [./orders, web]\n')
    expect(name).toBe('site')
    expect(members.map(({ spec }) => spec.name)).toEqual(['orders', 'web'])
    expect(members.map(({ folder }) => folder.split('/').at(-1))).toEqual(['orders', 'web'])
  })

  it('that is not there is told with what to write', async () => {
    const folder = await projectOf({})
    await expect(
      loadGroup(join(folder, 'midflight.group.yaml'), { env: {} }),
    ).rejects.toMatchObject({
      code: 'config-missing',
      hint: expect.stringContaining('services: [./api, ./web]') as string,
    })
  })

  it.each([
    ['services: [orders, web]', 'group is missing', 'group: site'],
    ['group: site', 'services is missing', 'services: [./orders, ./web]'],
    ['group: 9site\nservices: [orders, web]', '1:8: group must begin with a letter', 'group:'],
    ['group: site\nservices: [orders]', '2:11: services must name at least two folders', ''],
    ['group: site\nservices: orders', '2:11: services must be a list of folders', ''],
    ['group: site\nservices:\n  - orders\n  - 3', '4:5: services[1] must be a folder', ''],
    [
      'group: site\nservice: [orders, web]',
      '2:1: unknown key "service"',
      'Did you mean "services"?',
    ],
    [
      'group: site\nservices: [orders, web, twin]',
      '2:25: "twin" listens where web does, on 0.0.0.0:8002',
      'a port (listen:) of its own',
    ],
    [
      'group: site\nservices: [web, again]',
      '2:17: "again" is the service web, which is in the group already',
      'a name (service:)',
    ],
    ['', 'the file must be a mapping', 'group: site'],
  ])('%j is refused', async (text, message, hint) => {
    const problem = await refusal(text)
    expect(problem.code).toBe('config-invalid')
    expect(problem.message).toContain(message)
    expect(problem.message).toMatch(/^midflight\.group\.yaml:\d+:\d+: /)
    expect(problem.hint).toContain(hint)
  })

  it('tells what is wrong in the file of a member, and which one it is', async () => {
    expect(await refusal('group: site\nservices: [orders, broken]')).toMatchObject({
      code: 'group-member-invalid',
      message: expect.stringMatching(
        /^midflight\.group\.yaml:2:20: "broken" cannot be deployed: midflight\.yaml:3:12: instances must be a whole number/,
      ) as string,
    })
    expect(await refusal('group: site\nservices: [orders, nowhere]')).toMatchObject({
      code: 'group-member-invalid',
      message: expect.stringMatching(
        /"nowhere" cannot be deployed: there is no .*nowhere/,
      ) as string,
    })
  })

  it('has a schema for editors, as committed (else: npm run schema)', async () => {
    const committed = new URL('../../group-schema.json', import.meta.url)
    expect(await readFile(committed, 'utf8')).toBe(groupSchemaFile())
  })
})
