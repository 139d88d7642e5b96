import type { FormReply } from '~/shared/form-reply'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { DataTable } from '~/ui/DataTable'
import { KeyValues } from '~/ui/KeyValues'
import { Notice } from '~/ui/Notice'
import { When } from '~/ui/When'
import type { readUnlock } from './unlock.server'

type Unlock = Awaited<ReturnType<typeof readUnlock>>

/** The members by name, for the sign-in sheet. */
function NameTable({ members }: { members: NonNullable<Unlock['members']> }) {
  return (
    <DataTable
      caption="评标委员会名单（评标结果确定前仍须保密）"
      rows={members}
      rowKey={row => row.code}
      columns={[
        { head: '席位', cell: row => row.seat, rowHead: true },
        { head: '姓名', cell: row => row.name, first: true },
        { head: '专家编号', cell: row => row.code },
        { head: '职称', cell: row => row.title },
        { head: '工作单位', cell: row => row.unit },
        { head: '报到', cell: row => (row.arrivedAt ? <When at={row.arrivedAt} seconds /> : '未报到') },
      ]}
    />
  )
}

/** Names open at the evaluation's time, by two persons; until then only how many answered what. */
export function NamesTask({ unlock, reply }: { unlock: Unlock; reply: FormReply | undefined }) {
  if (unlock.members) return <NameTable members={unlock.members} />
  const act = unlock.isAsked ? '确认解密名单' : '申请解密名单'
  return (
    <>
      <KeyValues
        items={[
          { label: '可解密时间', value: <When at={unlock.unlockAt} seconds /> },
          ...unlock.counts.map(({ text, count }) => ({ label: text, value: `${count} 人` })),
        ]}
      />
      {unlock.isTime && !unlock.isAskedByMe ? (
        <ConfirmTask
          object={unlock.drawId}
          act={act}
          will={['须由两名不同人员先后确认，第二人确认后显示姓名、职称和工作单位。', '每一次查看都记入日志。']}
          cannotUndo={['解密后名单不能重新隐藏；评标结果确定前仍须保密（《招标投标法》第三十七条）。']}
          reply={reply}
        />
      ) : (
        <Notice title={unlock.isAskedByMe ? '您已申请，待另一人确认' : '姓名对任何人保密，代理机构和平台运维也看不到'}>
          {unlock.isAskedByMe ? '须由另一名有权限的人员确认。' : '到可解密时间后，由两名人员先后确认。'}
        </Notice>
      )}
    </>
  )
}
