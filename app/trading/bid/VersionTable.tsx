import { DataTable } from '~/ui/DataTable'
import { Hash } from '~/ui/Hash'
import { Stack } from '~/ui/layout'
import { Proof } from '~/ui/Proof'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import type { MyBid } from './bid.read.server'
import { roleTextOf } from './bid.text'

type Version = MyBid['versions'][number]

const filesText = ({ files, isWithdrawal }: Version) =>
  isWithdrawal ? '撤回，无文件' : files.map(file => roleTextOf(file.role)).join('、')

type VersionTableProps = { versions: Version[]; receiptHref: (seq: number) => string; paperHref: (seq: number) => string }

/** Every version of the own bid, the newest first, each with the receipt that proves it. */
export function VersionTable({ versions, receiptHref, paperHref }: VersionTableProps) {
  const last = versions.at(-1)?.seq
  const proof = ({ seq, receipt }: Version) => (
    <ReceiptProof href={receiptHref(seq)} paper={paperHref(seq)} name={`回执-${receipt.lotCode}-${seq}.json`} />
  )
  return (
    <DataTable
      caption="本机构的递交"
      rows={[...versions].reverse()}
      rowKey={version => String(version.seq)}
      columns={[
        {
          head: '版本',
          rowHead: true,
          first: true,
          cell: version => <VersionName version={version} isLast={version.seq === last} />,
        },
        { head: '收到时间', cell: version => <When at={new Date(version.at)} seconds /> },
        { head: '文件', cell: filesText },
        { head: '声明摘要', cell: version => <Hash value={version.statementHash} label="声明摘要" /> },
        { head: '回执', cell: proof },
      ]}
    />
  )
}

function VersionName({ version: { seq, isWithdrawal }, isLast }: { version: Version; isLast: boolean }) {
  return (
    <>
      第 {seq} 次{' '}
      <Tag tone={isLast && !isWithdrawal ? 'active' : 'quiet'}>{isWithdrawal ? '撤回' : isLast ? '现行' : '已被替换'}</Tag>
    </>
  )
}

function ReceiptProof({ href, paper, name }: { href: string; paper: string; name: string }) {
  return (
    <Proof
      proves="这份递交声明在所示时间到达平台，并写入平台日志"
      by="平台日志密钥（检查点签名）与本机构的签名证书"
      check="下载回执后运行 npm run verify -- --anchors anchors.json 回执.json"
      download={{ href, name }}
      details={<a href={paper}>下载签章回执（PDF）</a>}
    />
  )
}

/** What was refused, with its reason: kept for the bidder, and for whoever must judge it later (条例 36). */
export function RefusedTable({ refused }: { refused: MyBid['refused'] }) {
  return (
    <Stack>
      <DataTable
        caption="被拒收的递交"
        rows={refused}
        rowKey={row => `${row.at}${row.statementHash}`}
        columns={[
          { head: '时间', rowHead: true, first: true, cell: row => <When at={new Date(row.at)} seconds /> },
          { head: '原因', cell: row => row.text },
        ]}
      />
    </Stack>
  )
}
