import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import type { AlarmRead } from './alarm.server'
import { alarmText } from './alarm.text'

/** What went wrong with the platform itself, open ones with their remedy. */
export function AlarmTable({ alarms }: { alarms: AlarmRead[] }) {
  return (
    <DataTable
      caption="告警"
      rows={alarms}
      rowKey={alarm => alarm.id}
      empty={<EmptyState title="没有告警">平台自身的故障会列在这里。</EmptyState>}
      columns={[
        { head: '情况', rowHead: true, first: true, cell: alarm => alarmText[alarm.kind](alarm.facts) },
        {
          head: '状态',
          cell: alarm => <Tag tone={alarm.clearedAt ? 'done' : 'bad'}>{alarm.clearedAt ? '已解除' : '待处理'}</Tag>,
        },
        { head: '发生', cell: alarm => <When at={alarm.raisedAt} /> },
        { head: '解除', cell: alarm => (alarm.clearedAt ? <When at={alarm.clearedAt} /> : '—') },
      ]}
    />
  )
}
