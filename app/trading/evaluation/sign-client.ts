import type { ChosenKey } from '~/platform/identity/chosen-key'
import { callApi, signWithKey } from '~/platform/identity/key-client'
import { type GivenWord, type SignScope, signStatement } from './sign-text'

async function hashOf(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

export type SignAsk = { scope: SignScope; reportText: string; word: GivenWord; key: ChosenKey }

/** Signs a member's word on the report that this page shows and hands it in. Throws with the sentence to show. */
export async function signReportHere({ scope, reportText, word, key }: SignAsk): Promise<void> {
  if (globalThis.crypto.subtle && (await hashOf(reportText)) !== scope.reportHash)
    throw new Error('未签署：页面显示的报告与要签署的摘要不一致。请刷新页面后重新核对。')
  const { cms } = await signWithKey(key, [signStatement(scope, word)])
  await callApi(`/lots/${scope.lot}/evaluation/signatures`, { ...word, cms: cms[0] })
}
