import { statfs } from 'node:fs/promises'
import { clearAlarm, isAlarmOpen, raiseAlarm } from '~/platform/alarm/alarm.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { Refusal, refuseUnless } from '~/shared/refusal'
import { uploadFolder } from './upload.server'

/** Kept free of uploads, so that what has begun can still be finished and recorded. */
const reserveBytes = 8 * 2 ** 20
/** Below this the operator is alarmed while there is still time. */
const lowBytes = 512 * 2 ** 20

/** Bytes that uploads may still take; no limit where the filesystem does not say. */
async function freeBytes(platform: Platform): Promise<number> {
  return statfs(uploadFolder(platform)).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  )
}

/** Refuses storage-full where an upload of this size cannot be taken whole: nothing has been sent yet. */
export async function refuseWithoutSpace(platform: Platform, size: number): Promise<void> {
  refuseUnless((await freeBytes(platform)) >= size + reserveBytes, 'storage-full')
}

/** What a failed write is for the sender: storage-full when the disk is, otherwise null. What has come stays; the sender goes on from there. */
export async function spaceProblem(platform: Platform): Promise<Refusal | null> {
  return (await freeBytes(platform)) < reserveBytes ? new Refusal('storage-full') : null
}

/** Alarms the operator before uploads run out of room, and clears the alarm when there is room again. */
export async function watchSpace(ctx: Ctx): Promise<void> {
  const free = await freeBytes(ctx.platform)
  if (free < lowBytes) await raiseAlarm(ctx, { kind: 'uploads-full', facts: { freeMiB: String(Math.floor(free / 2 ** 20)) } })
  else if (await isAlarmOpen(ctx, 'uploads-full')) await clearAlarm(ctx, { kind: 'uploads-full' })
}
