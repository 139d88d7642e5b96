import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '~/shared/refusal'
import type { Ctx } from '../ctx'
import { type DemoAccount, demoAccounts } from './demo'

export interface DemoAccountRead extends DemoAccount {
  hasKey: boolean
}

const keyPath = (ctx: Ctx, login: string) => join(ctx.platform.config.dataDir, 'actors', `${login}.p12`)

/** The demo accounts, each with whether its .p12 can be downloaded; none outside the sandbox. */
export async function listDemoAccounts(ctx: Ctx): Promise<DemoAccountRead[]> {
  if (!ctx.platform.config.isSandbox) return []
  return demoAccounts.map(account => ({ ...account, hasKey: existsSync(keyPath(ctx, account.login)) }))
}

/** The .p12 of a demo actor. Refuses not-found outside the sandbox, for unknown names and while the actor has made none. */
export async function readDemoKey(ctx: Ctx, login: string): Promise<Uint8Array> {
  const isKnown = ctx.platform.config.isSandbox && demoAccounts.some(account => account.login === login)
  if (!isKnown || !existsSync(keyPath(ctx, login))) throw new Refusal('not-found')
  return new Uint8Array(await readFile(keyPath(ctx, login)))
}
