import { describe, expect, it } from 'vitest'
import { head, loadText, problemIn } from '../../test/support/load-text.ts'

const from = 'from: midflight@shop.example'
const server = 'server: smtps://mail.example'

describe('who gets a mail of rollouts', () => {
  it('may be one, or several, by a server with or without a password', async () => {
    const text = `notify:
  - email: ops@shop.example
    ${from}
    server: smtps://midflight:p%40ss@mail.example:465
  - { email: [ann@shop.example, root@localhost], ${from}, server: "smtp://127.0.0.1:25", tls: off, on: [stuck] }
`
    expect((await loadText(`${head}${text}`)).notify).toEqual([
      {
        by: 'email',
        to: ['ops@shop.example'],
        from: 'midflight@shop.example',
        server: 'smtps://midflight:p%40ss@mail.example:465',
        on: ['paused', 'promoted', 'undone', 'stuck'],
      },
      {
        by: 'email',
        to: ['ann@shop.example', 'root@localhost'],
        from: 'midflight@shop.example',
        server: 'smtp://127.0.0.1:25',
        tls: 'off',
        on: ['stuck'],
      },
    ])
  })

  it.each([
    [`{ email: ops, ${from}, ${server} }`, 'must be an address such as'],
    [`{ email: [], ${from}, ${server} }`, 'must be an address such as'],
    [`{ email: "a@b.example, c@d.example", ${from}, ${server} }`, 'must be an address such as'],
    [`{ email: "a@b.example\\nBcc: c@d.example", ${from}, ${server} }`, 'must be an address'],
    [`{ email: a@b.example, ${server} }`, 'must have from and server with email'],
    [`{ email: a@b.example, ${from} }`, 'must have from and server with email'],
    [`{ slack: "https://a.example", ${from} }`, 'only with email'],
    [`{ email: a@b.example, slack: "https://a.example", ${from}, ${server} }`, 'must have one of'],
    [`{ email: a@b.example, ${from}, server: mail.example }`, 'must be a URL such as smtps://'],
    [`{ email: a@b.example, ${from}, server: "https://mail.example" }`, 'must be a URL such as'],
    [`{ email: a@b.example, ${from}, server: "smtp://mail.example/?a=b" }`, 'must be a URL such'],
    [`{ email: a@b.example, ${from}, server: "smtp://:pass@mail.example" }`, 'must be a URL such'],
    [`{ email: a@b.example, ${from}, ${server}, tls: maybe }`, 'must be required or off'],
  ])('refuses %s', async (text, why) => {
    const problem = await problemIn(`${head}notify: [${text}]\n`)
    expect(problem).toMatchObject({ code: 'config-invalid' })
    expect(problem.message).toContain(why)
  })

  it('tells no password, also when it is written wrongly', async () => {
    const text = `${head}notify: [{ email: a@b.example, ${from}, server: "\${SMTP_URL}" }]\n`
    const env = { SMTP_URL: 'smtps://midflight:T0PS3CRET%@mail.example' }
    const problem = await problemIn(text, env)
    expect(problem.message).toContain('must be a URL such as')
    expect(JSON.stringify(problem) + String(problem.stack)).not.toContain('T0PS3CRET')
  })
})
