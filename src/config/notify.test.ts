import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'

describe('who is told of rollouts', () => {
  it('is nobody unless said', async () => {
    expect((await loadText(head)).notify).toBeUndefined()
  })

  it('may be a webhook and Slack, each for its own occasions', async () => {
    const text = `notify:
  - webhook: https://ops.example/hook
    secret: s3cret
    on: [begun]
  - slack: https://hooks.slack.example/T/B/X
`
    expect((await loadText(`${head}${text}`)).notify).toEqual([
      { by: 'webhook', url: 'https://ops.example/hook', secret: 's3cret', on: ['begun'] },
      {
        by: 'slack',
        url: 'https://hooks.slack.example/T/B/X',
        on: ['paused', 'promoted', 'undone', 'stuck'],
      },
    ])
  })

  it.each([
    ['notify: [{ slack: hooks.slack.com }]', 'must be a URL such as'],
    ['notify: [{ slack: "https://a.example", on: [ended] }]', 'must be begun, paused'],
    ['notify: [{ slack: "https://a.example", on: [] }]', 'must be a list of at least one'],
    ['notify: [{ slak: "https://a.example" }]', 'unknown key "slak" in notify[0]'],
    ['notify: [{ on: [stuck] }]', 'must have one of webhook, slack, email'],
    ['notify: [{ slack: "https://a.example", webhook: "https://a.example" }]', 'must have one of'],
    ['notify: [{ slack: "https://a.example", secret: s }]', 'can only be given for a webhook'],
    ['notify: { slack: "https://a.example" }', 'must be a list such as'],
  ])('refuses %s', async (text, why) => {
    const problem = await problemIn(`${head}${text}`)
    expect(problem).toMatchObject({ code: 'config-invalid' })
    expect(problem.message).toContain(why)
  })

  it('takes secrets from variables, and tells none', async () => {
    const text = `${head}notify: [{ slack: "\${SLACK_URL}" }]\n`
    const url = 'https://hooks.slack.example/T0PS3CRET'
    expect((await loadText(text, { SLACK_URL: url })).notify).toMatchObject([{ url }])
    const problem = await problemIn(text, { SLACK_URL: 'T0PS3CRET' })
    expect(problem.message).toContain('must be a URL')
    expect(JSON.stringify(problem) + String(problem.stack)).not.toContain('T0PS3CRET')
  })
})
