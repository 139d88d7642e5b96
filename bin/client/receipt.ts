// A receipt is believed only after its holder has checked it: statement, log entry, inclusion, the log's signature.
import { unhex } from '../../crypto/bytes'
import type { Json } from '../../crypto/jcs'
import { messageHash } from '../../crypto/messages'
import { noteHolds } from '../../crypto/note'
import { ledgerLeaf, parseTlogProof, tlogProofHolds } from '../../crypto/tlog'
import type { Anchors } from './release'

export interface Receipt {
  t: 'tbid/receipt@1'
  lot: string
  kind: 'submit' | 'confirm'
  statement: string
  at: string
  payload: Record<string, Json>
  salt: string
  index: number
  proof: string
}

/** Throws, saying why, unless the receipt proves that this very statement stands in the log. */
export function checkReceipt(receipt: Receipt, statement: string, { log }: Pick<Anchors, 'log'>): void {
  const { payload, salt, index } = receipt
  const proof = parseTlogProof(receipt.proof)
  if (receipt.statement !== messageHash(statement)) throw new Error('receipt: for another statement')
  if (payload.statement !== statement) throw new Error('receipt: the log entry holds another statement')
  if (proof.index !== index || !tlogProofHolds(ledgerLeaf(unhex(salt), payload), proof))
    throw new Error('receipt: not in the log')
  if (!noteHolds(proof.checkpoint, log.vkey)) throw new Error('receipt: the checkpoint is not signed by the log')
}
