import { callApi, signWithKeyFile, startKeyWorker } from '~/platform/identity/key-client'
import { type GivenWord, type SignScope, signStatement } from './sign-text'

type Issued = { certificate: string; chain: string[] }

/** Makes a signing key in this browser and has it certified for the person for this evaluation; it exists only in the file. */
export async function makeSigningFile(password: string): Promise<File> {
  const worker = startKeyWorker()
  try {
    const { spki } = await worker.do({ task: 'make', kind: 'p256', count: 1 })
    const ask = { use: 'sign', suite: 'intl', algorithm: 'p256', spki: spki[0] }
    const issued = await callApi<Issued>('/sandbox/certificates', ask)
    const { file } = await worker.do({ task: 'close', certificates: [issued], password })
    return new File([file], 'expert-key.p12', { type: 'application/x-pkcs12' })
  } finally {
    worker.end()
  }
}

async function hashOf(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

export type SignAsk = { scope: SignScope; reportText: string; word: GivenWord; file: File; password: string }

/** Signs a member's word on the report that this page shows and hands it in. Throws with the sentence to show. */
export async function signReportHere({ scope, reportText, word, file, password }: SignAsk): Promise<void> {
  if (globalThis.crypto.subtle && (await hashOf(reportText)) !== scope.reportHash)
    throw new Error('未签署：页面显示的报告与要签署的摘要不一致。请刷新页面后重新核对。')
  const { cms } = await signWithKeyFile(file, password, [signStatement(scope, word)])
  await callApi(`/lots/${scope.lot}/evaluation/signatures`, { ...word, cms: cms[0] })
}
