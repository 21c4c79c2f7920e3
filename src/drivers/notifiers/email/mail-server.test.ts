import { expect, it } from 'vitest'
import { mailServer } from './mail-server.ts'

it.each([
  ['smtps://mail.example', { host: 'mail.example', port: 465, isSecure: true, isLoopback: false }],
  ['smtp://mail.example', { host: 'mail.example', port: 587, isSecure: false, isLoopback: false }],
  ['smtp://localhost:25', { host: 'localhost', port: 25, isSecure: false, isLoopback: true }],
  ['smtp://127.0.0.2', { host: '127.0.0.2', port: 587, isSecure: false, isLoopback: true }],
  ['smtp://[::1]:2525', { host: '::1', port: 2525, isSecure: false, isLoopback: true }],
  [
    'smtp://127.0.0.1.evil.example',
    { host: '127.0.0.1.evil.example', port: 587, isSecure: false, isLoopback: false },
  ],
])('reads %s', (url, server) => {
  expect(mailServer(url)).toEqual(server)
})

it('reads what is escaped in a user and a password', () => {
  const { login } = mailServer('smtps://ops%40shop.example:a%2Fb%25c@mail.example')
  expect(login).toEqual({ user: 'ops@shop.example', pass: 'a/b%c' })
})
