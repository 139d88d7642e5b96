import { hash } from 'node:crypto'
import { unbase64 } from '@/crypto/bytes'
import { type Head, releaseOf } from '@/crypto/header'
import { canonical } from '@/crypto/jcs'
import type { PolicyMessage, PolicyStage, SubmitMessage } from '@/crypto/messages'
import { stageProblem } from '@/crypto/stage'
import type { Ctx } from '~/platform/ctx'
import { refuseUnless } from '~/shared/refusal'
import { priceRole } from './bid'
import { type CheckedFile, type KeptStage, keptStageOf } from './kept-stage.server'
import { completeUpload, ownRowOrNull, parsedHead, type UploadRow } from './upload.server'

type StatedFile = SubmitMessage['files'][number]

/** What was uploaded for a statement: fileId → id of its upload, and the rows of those that exist. */
export interface Uploaded {
  uploads: Record<string, string>
  rows: Map<string, UploadRow>
}

const refuse = (holds: unknown, reason: string) => refuseUnless(holds, 'seal-differs', { reason })

/** The bytes are here, whole, and have the root and head that the statement signs. */
async function headOfStated(ctx: Ctx, stated: StatedFile, { uploads, rows }: Uploaded): Promise<Head> {
  const uploadId = uploads[stated.fileId]
  refuse(uploadId, `没有说明文件 ${stated.role} 的上传编号`)
  const own = ownRowOrNull(ctx, rows.get(uploadId ?? ''))
  refuseUnless(own, 'upload-unknown', { file: stated.role })
  const row = await completeUpload(ctx, own)
  const facts = { file: stated.role, received: String(row.completedAt ? row.size : 0), size: String(stated.size) }
  refuseUnless(row.completedAt && row.size === stated.size, 'upload-incomplete', facts)
  const head = await parsedHead(ctx, row.id).catch(() => null)
  refuseUnless(head, 'not-encrypted')
  const root = head.suite.id === 'gm' ? row.rootSm3 : row.rootSha256
  refuseUnless(root === stated.root && head.hash === stated.head, 'file-damaged', { file: stated.role })
  return head
}

const kidOf = (lotKey: string) => hash('sha256', unbase64(lotKey))

const kidsOf = new WeakMap<PolicyStage, string[]>()

/** The keys a stage's shares are sealed for, in their order: the same for every bid of the lot. */
function custodianKids(stage: PolicyStage): string[] {
  const known = kidsOf.get(stage)
  if (known) return known
  const kids = stage.custodians.map(custodian => kidOf(custodian.lotKey))
  kidsOf.set(stage, kids)
  return kids
}

const isSame = (a: string[], b: string[]) => a.length === b.length && a.every((value, i) => value === b[i])

/** Sealed for this lot and policy, by this signer, with the keys of its custodians in their order. */
function checkBinding(head: Head, stated: StatedFile, message: SubmitMessage, stage: PolicyStage, suite: string): void {
  const { bind, release, parts } = head.header
  refuseUnless(bind.project === message.project && bind.lot === message.lot && bind.round === message.round, 'wrong-lot', {
    sealedFor: bind.lot,
  })
  const isCurrent =
    bind.policy === message.policy && head.suite.id === suite && canonical(release) === canonical(releaseOf[stage.mode])
  refuseUnless(isCurrent, 'policy-mismatch')
  const dealt = parts.c?.shares.map(share => share.kid) ?? []
  refuseUnless(isSame(dealt, custodianKids(stage)) && (parts.c?.k ?? 0) === stage.k, 'policy-mismatch')
  refuse(bind.bidderCert === message.cert, '密封时的签名证书与声明不同')
  refuse(
    bind.fileId === stated.fileId && bind.role === stated.role && bind.stage === stated.stage,
    `文件 ${stated.role} 的标识与声明不同`,
  )
}

function stageOf(policy: PolicyMessage, { stage, role }: StatedFile): PolicyStage {
  const found = policy.stages.find(one => one.stage === stage)
  refuseUnless(found, 'seal-differs', { reason: `密封策略中没有阶段 ${stage}` })
  refuseUnless(found.roles.includes(role), 'seal-differs', { reason: `密封策略中没有文件种类 ${role}` })
  return found
}

/**
 * Checks every file a statement names against the bytes that were uploaded (crypto.md §10.4, §10.6): whole, sealed, for this lot and
 * policy, one stage dealt once; gives what is kept of
 * their heads. Refuses upload-incomplete, not-encrypted, file-damaged, wrong-lot, policy-mismatch, seal-differs.
 */
export async function checkSealedFiles(
  ctx: Ctx,
  message: SubmitMessage,
  policy: PolicyMessage,
  uploaded: Uploaded,
): Promise<KeptStage[]> {
  const { uploads } = uploaded
  refuse(isSame(Object.keys(uploads).sort(), message.files.map(file => file.fileId).sort()), '上传编号与声明的文件不对应')
  const stages = new Map<string, CheckedFile[]>()
  for (const stated of message.files) {
    const stage = stageOf(policy, stated)
    const head = await headOfStated(ctx, stated, uploaded)
    checkBinding(head, stated, message, stage, policy.suite)
    const file = { stated, head, uploadId: uploads[stated.fileId]! }
    stages.set(stated.stage, [...(stages.get(stated.stage) ?? []), file])
  }
  for (const [stage, files] of stages)
    refuse(stageProblem(files.map(file => file.head)) === null, `阶段 ${stage} 的文件不是一次密封的`)
  const hasPrice = message.files.some(file => file.role === priceRole)
  refuse(hasPrice || message.files.length === 0, '缺少开标一览表（price）')
  if (message.files.length > 0) refuse(stages.size === policy.stages.length, '缺少某一阶段的文件')
  return [...stages].map(([stage, files]) => keptStageOf(stage, files))
}
