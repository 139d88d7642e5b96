import { DataTable } from '~/ui/DataTable'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import { answerText } from './evaluation.text'

export type MemberLine = {
  expertId: string
  code: string
  seat: string
  lockedAt: Date | null
  answer: 'sign' | 'dissent' | 'refuse' | null
}

/** Who has handed in and signed; by library number, since names are secret until the result (招标投标法 37). */
export function MemberTable({ members }: { members: MemberLine[] }) {
  return (
    <DataTable
      caption="评标委员会"
      rows={members}
      rowKey={member => member.expertId}
      columns={[
        { head: '评委编号', cell: member => member.code, rowHead: true, first: true },
        { head: '席位', cell: member => member.seat },
        { head: '评审表', cell: member => (member.lockedAt ? <When at={member.lockedAt} /> : <Tag tone="active">评审中</Tag>) },
        { head: '报告', cell: member => (member.answer ? <Tag tone="done">{answerText[member.answer]}</Tag> : '—') },
      ]}
    />
  )
}
