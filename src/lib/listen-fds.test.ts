import { describe, expect, it } from 'vitest'
import { listenFds } from './listen-fds.ts'

describe('the descriptors that systemd passed', () => {
  it('begin at 3 and are as many as it says', () => {
    expect(listenFds({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7)).toEqual([3, 4])
  })

  it('are none when they were meant for another process, or there are none', () => {
    expect(listenFds({ LISTEN_PID: '8', LISTEN_FDS: '2' }, 7)).toEqual([])
    expect(listenFds({ LISTEN_PID: '7' }, 7)).toEqual([])
    expect(listenFds({ LISTEN_PID: '7', LISTEN_FDS: 'x' }, 7)).toEqual([])
    expect(listenFds({}, 7)).toEqual([])
  })
})
