import { KeyValues } from '~/ui/KeyValues'
import { Tag } from '~/ui/Tag'
import { Day, When } from '~/ui/When'
import type { readComplaint } from './complaint.server'
import { complaintKindText, complaintStateText, complaintTone } from './complaint.text'

/** One complaint as the desk sees it: never who complained. */
export function ComplaintFacts({ row }: { row: Awaited<ReturnType<typeof readComplaint>> }) {
  return (
    <KeyValues
      items={[
        { label: '类别', value: complaintKindText[row.kind] },
        { label: '状态', value: <Tag tone={complaintTone[row.state]}>{complaintStateText[row.state]}</Tag> },
        { label: '办件编号', value: row.caseNumber ?? '—' },
        { label: '内容', value: row.text },
        { label: '收到时间', value: <When at={row.filedAt} seconds /> },
        { label: '答复期限（工作日计）', value: <Day on={row.dueOn} /> },
        ...(row.isExtended ? [{ label: '延长理由', value: row.extensionReason }] : []),
        ...(row.answeredAt ? [{ label: '答复', value: row.answer }] : []),
      ]}
    />
  )
}
