import { type SealAnswer, sealProblemText, startSealWorker } from './seal-client'

/** Why this browser cannot seal here, as a sentence; null when it can. Tries what sealing will need, before anything is filled in. */
export async function sealObstacle(): Promise<string | null> {
  if (!globalThis.isSecureContext || !globalThis.crypto.subtle) return sealProblemText({ problem: 'insecure-page' })
  if (typeof Worker === 'undefined') return sealProblemText({ problem: 'no-store' })
  const answer = await new Promise<SealAnswer>(resolve => {
    const worker = startSealWorker(told => {
      worker.end()
      resolve(told)
    })
    worker.post({ task: 'check' })
  })
  return answer.kind === 'failed' ? sealProblemText(answer) : null
}

/** Asks the browser not to clear what is kept when its disk runs full; it may say no, and then what is kept is kept as long as there is room. */
export async function askToKeep(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false)
}
