import { createHash } from 'node:crypto'
import type { Ctx } from '~/platform/ctx'
import type { Block } from '~/platform/paper/paper'
import { Refusal } from '~/shared/refusal'
import { formatInstant } from '~/shared/time'
import { sealedPdf } from '../opening/keep-paper.server'
import { type BidVersion, readMyBid } from './bid.read.server'
import { roleTextOf } from './bid.text'

function blocksOf({ seq, isWithdrawal, files, receipt, statementHash, at }: BidVersion): Block[] {
  const what = isWithdrawal ? '撤回投标文件' : seq === 1 ? '递交投标文件' : '替换投标文件'
  const facts: Block = {
    kind: 'facts',
    rows: [
      ['标段', `${receipt.lotName}（${receipt.lotCode}）`],
      ['事项', `${what}（第 ${seq} 次）`],
      ['平台收到时间', formatInstant(new Date(at))],
      ['递交声明摘要', statementHash],
      ['日志序号', String(receipt.index)],
      ['签名时间戳', receipt.cades ? '已附（CAdES-T）' : '时间戳服务尚未答复，可稍后补领'],
      ['日志时间戳', receipt.tsa ? '已附可信时间戳' : '时间戳服务尚未答复，可稍后补领'],
    ],
  }
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
  return [facts, ...(files.length > 0 ? [table] : []), { kind: 'text', text: sentence }]
}

/** The receipt of a version (the newest unless one is named) as a signed PDF, made when asked for: before the opening nothing of it is stored. */
export async function receiptPdf(ctx: Ctx, lotId: string, seq?: number): Promise<{ name: string; pdf: Uint8Array }> {
  const { versions } = await readMyBid(ctx, lotId)
  const version = seq === undefined ? versions.at(-1) : versions.find(one => one.seq === seq)
  if (!version) throw new Refusal('no-bid')
  const { receipt } = version
  const recordHash = createHash('sha256').update(JSON.stringify(receipt)).digest('hex')
  const number = `${receipt.lotCode}-${version.seq}`
  const content = {
    title: '投标文件递交回执',
    number,
    issuer: '公共资源交易平台',
    at: new Date(version.at),
    recordHash,
    blocks: blocksOf(version),
  }
  return { name: `投标文件递交回执-${number}.pdf`, pdf: await sealedPdf(ctx, content) }
}
