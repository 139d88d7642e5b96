import { createHash } from 'node:crypto'
import { parseSigned } from '@/crypto/cms'
import { checkTimeStamp } from '@/crypto/cms-verify'
import { canonicalBytes } from '@/crypto/jcs'
import { logSigned, readCheckpoint } from '@/crypto/note'
import type { Receipt } from '@/crypto/receipt'
import { parseTlogProof } from '@/crypto/tlog'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import type { RevocationEvidence } from '~/platform/identity/certificate.server'
import { readOrganisation } from '~/platform/organisation/organisation.read.server'
import type { Block } from '~/platform/paper/paper'
import { Refusal } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { sealedPdf } from '../opening/keep-paper.server'
import { type BidVersion, readMyBid } from './bid.read.server'
import { roleTextOf } from './bid.text'

type Bidder = Awaited<ReturnType<typeof readOrganisation>>

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const digestOf = (bytes: Uint8Array | string) => new Uint8Array(createHash('sha256').update(bytes).digest())
const later = '时间戳服务尚未答复，可稍后重新下载'

/** When the token says the bytes existed. */
function stampText(token: Uint8Array | null, stamped: Uint8Array | string): string {
  const stamp = token && checkTimeStamp(token, digestOf(stamped))
  return stamp ? `${formatInstant(stamp.at)}（RFC 3161，${stamp.signer.subject.commonName}）` : later
}

function signatureStampText({ cades }: Receipt): string {
  if (!cades) return later
  const { signature, timeStamp } = parseSigned(bytesOf(cades))
  return stampText(timeStamp, signature)
}

/** By which CRL the certificate was judged, as the entry has it. */
function statusText({ payload }: Receipt): string {
  const [first] = Array.isArray(payload.revocation) ? (payload.revocation as RevocationEvidence[]) : []
  if (!first) return '未记录'
  const list = `吊销列表${first.number ? ` ${first.number} 号` : ''}（${formatInstant(new Date(first.thisUpdate))}）`
  return first.standing === 'good' ? `未吊销，依据${list}` : `宽限内受理：${list}当时已过有效期`
}

function factsOf({ seq, isWithdrawal, receipt, statementHash, at }: BidVersion, bidder: Bidder): Block {
  const what = isWithdrawal ? '撤回投标文件' : seq === 1 ? '递交投标文件' : '替换投标文件'
  const { checkpoint } = parseTlogProof(receipt.proof)
  const { size, root } = readCheckpoint(checkpoint)
  const { signer } = parseSigned(bytesOf(String(receipt.payload.cms)))
  return {
    kind: 'facts',
    rows: [
      ['投标人', `${bidder.name}（${bidder.creditCode}）`],
      ['标段', `${receipt.lotName}（${receipt.lotCode}）`],
      ['事项', `${what}（第 ${seq} 次）`],
      ['平台收到时间', formatInstant(new Date(at))],
      ['递交声明摘要', statementHash],
      ['签名证书', `${signer.subject.commonName}，序列号 ${signer.serial}`],
      ['证书状态', statusText(receipt)],
      ['签名时间戳', signatureStampText(receipt)],
      ['日志位置', `第 ${receipt.index} 条，检查点 ${size} 条，根 ${root}`],
      ['检查点时间戳', stampText(receipt.tsa ? bytesOf(receipt.tsa) : null, logSigned(checkpoint))],
    ],
  }
}

function blocksOf(version: BidVersion, bidder: Bidder): Block[] {
  const { files } = version
  const table: Block = {
    kind: 'table',
    caption: '密封文件',
    columns: [
      { head: '种类', share: 2 },
      { head: '密文字节', share: 2, isFigure: true },
      { head: '密文摘要（RFC 9162）', share: 6 },
    ],
    rows: files.map(file => [roleTextOf(file.role), file.size.toLocaleString('zh-CN'), file.root]),
  }
  const sentence =
    '本回执证明所列密文在上述时间送达平台并写入日志；开标前任何人（包括平台）不能解密。请连同 JSON 回执一并保存，JSON 回执可脱离平台自行核验。'
  return [factsOf(version, bidder), ...(files.length > 0 ? [table] : []), { kind: 'text', text: sentence }]
}

/** The receipt of a version (the newest unless one is named) as a signed PDF, made when asked for: before the opening nothing of it is stored. */
export async function receiptPdf(ctx: Ctx, lotId: string, seq?: number): Promise<{ name: string; pdf: Uint8Array }> {
  const { versions } = await readMyBid(ctx, lotId)
  const version = seq === undefined ? versions.at(-1) : versions.find(one => one.seq === seq)
  if (!version) throw new Refusal('no-bid')
  const { receipt } = version
  // Of the log's entry: the same whether or not time-stamps have come, and whoever has the JSON receipt can compute it.
  const recordHash = Buffer.from(digestOf(canonicalBytes(receipt.payload))).toString('hex')
  const number = `${receipt.lotCode}-${version.seq}`
  const content = {
    title: '投标文件递交回执',
    number,
    issuer: '公共资源交易平台',
    at: new Date(version.at),
    recordHash,
    blocks: blocksOf(version, await readOrganisation(ctx, personOf(ctx).organisationId)),
  }
  return { name: `投标文件递交回执-${number}.pdf`, pdf: await sealedPdf(ctx, content) }
}
