import type { FormReply } from '~/shared/form-reply'
import { FieldGroup } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'

type Reply = FormReply | undefined
type SeatDefault = { seat: string; disc: string; n: string }

function SeatFields({ at, seat, reply, optional }: { at: 1 | 2; seat: SeatDefault; reply: Reply; optional: boolean }) {
  return (
    <FieldGroup title={optional ? `席位 ${at}（不需要则清空名称）` : `席位 ${at}`}>
      <TextField name={`seat${at}`} label="席位名称" value={seat.seat} reply={reply} optional={optional} />
      <TextField
        name={`disc${at}`}
        label="专业代码"
        hint="可填多个，用空格分开；填 A08 即包括其下各级专业。"
        value={seat.disc}
        reply={reply}
        optional={optional}
      />
      <TextField name={`region${at}`} label="地区代码" hint="留空为不限地区；可填多个。" reply={reply} optional />
      <TextField name={`n${at}`} label="人数" inputMode="numeric" value={seat.n} reply={reply} optional={optional} />
    </FieldGroup>
  )
}

/** What a request for a committee asks: seats, units to avoid, when and where. */
export function DrawFields({ evaluationAt, reply }: { evaluationAt: string; reply: Reply }) {
  return (
    <>
      <SeatFields at={1} seat={{ seat: '技术专家', disc: 'A08 A04', n: '3' }} reply={reply} optional={false} />
      <SeatFields at={2} seat={{ seat: '造价专家', disc: 'A06', n: '2' }} reply={reply} optional />
      <FieldGroup title="回避与安排">
        <TextArea
          name="avoid"
          label="申请回避的单位"
          hint="每行一个：单位名称|原因。投标人、招标人、代理机构和监督部门由系统自动回避，无须填写。"
          rows={3}
          reply={reply}
          optional
        />
        <TimeField name="evaluationAt" label="评标时间" value={evaluationAt} reply={reply} />
        <TextField name="place" label="评标地点" value="评标室 1" reply={reply} />
        <TextField name="hours" label="预计时长" unit="小时" inputMode="numeric" value="4" reply={reply} />
      </FieldGroup>
    </>
  )
}
