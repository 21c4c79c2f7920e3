import { describe, expect, it } from 'vitest'
import { goingAwayFrame, restartFrame } from './close-frame.ts'
import { Frames } from './frames.ts'

interface FrameParts {
  readonly first: number
  readonly length: number
  readonly masked?: boolean
}

function frame({ first, length, masked }: FrameParts): Buffer {
  const bit = masked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.of(first, bit | length)
      : length < 65_536
        ? Buffer.of(first, bit | 126, length >> 8, length & 255)
        : Buffer.concat([Buffer.of(first, bit | 127, 0, 0, 0, 0), fourBytes(length)])
  // A payload that looks like heads of frames.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0, 7), Buffer.alloc(length, 0x88)])
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function followed(whole: Buffer, size: number): Frames {
  const frames = new Frames()
  for (let at = 0; at < whole.length; at += size) {
    if (at > 0) expect(frames.between).toBe(false)
    frames.follow(whole.subarray(at, at + size))
  }
  return frames
}

const TEXT = 0x81
const TEXT_BEGINS = 0x01
const CONTINUES = 0x00
const ENDS = 0x80
const PING = 0x89

describe('the frames of a WebSocket', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
    'are followed to their end, %d bytes long, masked or not, in pieces of any size',
    (length) => {
      for (const masked of [false, true]) {
        const whole = frame({ first: TEXT, length, masked })
        for (const size of [Math.ceil(whole.length / 500), 997, whole.length])
          expect(followed(whole, size)).toMatchObject({ between: true, lost: false })
      }
    },
  )

  it('are one message until the last of its parts, also with a ping in between', () => {
    const frames = new Frames()
    for (const first of [TEXT_BEGINS, CONTINUES, PING]) {
      frames.follow(frame({ first, length: 10 }))
      expect(frames.between).toBe(false)
    }
    frames.follow(frame({ first: ENDS, length: 10 }))
    expect(frames.between).toBe(true)
  })

  it('tell where messages end inside of what came', () => {
    const bytes = Buffer.concat([
      frame({ first: TEXT_BEGINS, length: 5 }),
      frame({ first: ENDS, length: 300 }),
      frame({ first: TEXT, length: 3 }),
      Buffer.of(TEXT),
    ])
    const frames = new Frames()
    expect(frames.toMessageEnd(bytes, 0)).toBe(7 + 304)
    expect(frames.toMessageEnd(bytes, 311)).toBe(316)
    expect(frames.toMessageEnd(bytes, 316)).toBe(-1)
    expect(frames.between).toBe(false)
  })

  it('are closed after a Close, whoever sent it', () => {
    for (const close of [restartFrame(), goingAwayFrame()]) {
      const frames = new Frames()
      frames.follow(close.subarray(0, -1))
      expect(frames.closed).toBe(false)
      frames.follow(close.subarray(-1))
      expect(frames.closed).toBe(true)
      expect(frames.between).toBe(true)
    }
  })

  it.each([
    ['an unknown kind', Buffer.of(0x83, 0)],
    ['a long ping', Buffer.of(PING, 126, 1, 0)],
    ['a length beyond all measure', Buffer.of(TEXT, 127, 255, 255, 255, 255, 255, 255, 255, 255)],
  ])('are lost with %s', (_what, bytes) => {
    const frames = new Frames()
    frames.follow(bytes)
    expect(frames.lost).toBe(true)
    expect(frames.between).toBe(false)
  })
})
