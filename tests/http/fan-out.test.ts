import { EventEmitter } from 'node:events'
import type { Request, Response } from 'express'
import { expect, test } from 'vitest'
import { type Frame, makeRoom } from '~/http/fan-out.server'
import { streamLimits } from '~/http/stream-limits.server'

/** A reader that takes `room` writes before its line is full. */
function aReader(room = Number.POSITIVE_INFINITY) {
  const got: Buffer[] = []
  let left = room
  const reader = Object.assign(new EventEmitter(), {
    got,
    writableEnded: false,
    isDestroyed: false,
    write: (bytes: Buffer) => {
      got.push(bytes)
      return --left > 0
    },
    destroy: () => {
      reader.isDestroyed = true
      reader.emit('close')
    },
    drain: (more: number) => {
      left = more
      reader.emit('drain')
    },
    text: () => Buffer.concat(got).toString(),
  })
  return reader
}
type Reader = ReturnType<typeof aReader>
const as = (reader: Reader) => reader as unknown as Response

const frame = (seq: number): Frame => ({ seq, bytes: Buffer.from(`${seq};`) })

function aRoom() {
  const all: Frame[] = []
  const asked: number[] = []
  const room = makeRoom(async seq => {
    asked.push(seq)
    return all.filter(one => one.seq > seq)
  })
  const happen = async (count: number) => {
    for (let i = 0; i < count; i++) all.push(frame(all.length + 1))
    await room.refresh()
  }
  return { room, asked, happen }
}

test('what happens is read once and the very same bytes go to every watcher', async () => {
  const { room, asked, happen } = aRoom()
  const readers = Array.from({ length: 100 }, () => aReader())
  for (const reader of readers) room.join(as(reader), 0)
  await happen(3)
  expect(asked).toEqual([0])
  expect(new Set(readers.map(reader => reader.got[0])).size).toBe(1)
  expect(readers[99]!.text()).toBe('1;2;3;')
})

test('a watcher goes on after the last one it saw, and one that is ahead waits', async () => {
  const { room, happen } = aRoom()
  await happen(5)
  const [late, current] = [aReader(), aReader()]
  room.join(as(late), 3)
  room.join(as(current), 5)
  expect([late.text(), current.text()]).toEqual(['4;5;', ''])
  await happen(1)
  expect([late.text(), current.text()]).toEqual(['4;5;6;', '6;'])
})

test('a full line is sent nothing until it drains, then all it missed, in order; others do not wait', async () => {
  const { room, happen } = aRoom()
  const [slow, quick] = [aReader(1), aReader()]
  room.join(as(slow), 0)
  room.join(as(quick), 0)
  for (let i = 0; i < 4; i++) await happen(1)
  expect([slow.text(), quick.text()]).toEqual(['1;', '1;2;3;4;'])
  slow.drain(10)
  expect(slow.text()).toBe('1;2;3;4;')
  await happen(1)
  expect(slow.text()).toBe('1;2;3;4;5;')
})

test('a reader whose line stays full is cut off, and leaves the room', async () => {
  const { room, happen } = aRoom()
  const slow = aReader(1)
  room.join(as(slow), 0)
  await happen(1)
  room.sweep(Date.now() + 10_000)
  expect(slow.isDestroyed).toBe(false)
  room.sweep(Date.now() + 30_000)
  expect([slow.isDestroyed, room.size()]).toEqual([true, 0])
})

const request = (address: string, cookie?: string) =>
  ({ socket: { remoteAddress: address }, headers: { cookie }, get: () => undefined }) as unknown as Request

test('a hall of two thousand behind one address passes; a flood, or one person’s hundred tabs, do not', () => {
  const admit = streamLimits()
  const open = Array.from({ length: 4_000 }, () => aReader())
  for (const one of open) admit(request('192.0.2.1'), as(one))
  expect(() => admit(request('192.0.2.1'), as(aReader()))).toThrow('too-many')
  admit(request('192.0.2.2'), as(aReader()))
  open[0]!.destroy()
  admit(request('192.0.2.1'), as(aReader()))
  for (let i = 0; i < 24; i++) admit(request('192.0.2.3', 'sid=one'), as(aReader()))
  expect(() => admit(request('192.0.2.3', 'sid=one'), as(aReader()))).toThrow('too-many')
  admit(request('192.0.2.3', 'sid=two'), as(aReader()))
})
