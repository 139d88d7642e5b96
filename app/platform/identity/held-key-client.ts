import { callApi, startKeyWorker } from './key-client'

export type Issued = { certificate: string; chain: string[] }
type Use = 'sign' | 'encrypt'

const certify = (use: Use, kind: 'rsa' | 'p256' | 'sm2', spki: string | undefined) =>
  callApi<Issued>('/sandbox/certificates', { use, suite: kind === 'sm2' ? 'gm' : 'intl', algorithm: kind, spki })

/** Has the demo CA certify keys, one for each use, in their order. Throws ApiRefusal. */
export async function certifyKeys(uses: Use[], kind: 'rsa' | 'p256' | 'sm2', spki: string[]): Promise<Issued[]> {
  const issued: Issued[] = []
  for (const [i, use] of uses.entries()) issued.push(await certify(use, kind, spki[i]))
  return issued
}

/** Makes keys that this browser keeps and nobody can export, certified for whoever is signed in; the set's id. Throws KeyRefusal, ApiRefusal. */
export async function makeHeldSet(kind: 'rsa' | 'p256', uses: Use[]): Promise<string> {
  const worker = startKeyWorker()
  try {
    const { spki } = await worker.do({ task: 'make-held', kind, uses })
    const certificates = await certifyKeys(uses, kind, spki)
    return (await worker.do({ task: 'shelve', certificates })).setId
  } finally {
    worker.end()
  }
}
