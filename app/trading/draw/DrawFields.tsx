import type { FormReply } from '~/shared/form-reply'
import { CheckField, SelectField } from '~/ui/ChoiceField'
import { Disclosure } from '~/ui/Disclosure'
import { FieldGroup } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'
import { avoidCodeText, contactWayText } from './draw.text'

type Reply = FormReply | undefined
type SeatDefault = { seat: string; disc: string; n: string }
const none: SeatDefault = { seat: '', disc: '', n: '' }
const defaults: SeatDefault[] = [
  { seat: '技术专家', disc: 'A08 A04', n: '3' },
  { seat: '造价专家', disc: 'A06', n: '2' },
  none,
  none,
]

function SeatFields({ at, seat, reply, optional }: { at: number; seat: SeatDefault; reply: Reply; optional: boolean }) {
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

function PeopleFields({ reply }: { reply: Reply }) {
  const codes = Object.entries(avoidCodeText).map(([code, text]) => `${code} ${text}`)
  return (
    <FieldGroup title="招标人代表与回避">
      <TextArea
        name="representatives"
        label="招标人代表"
        hint="每人一行：姓名|证件号码|手机|职务|单位。不超过成员总数的三分之一。"
        rows={2}
        reply={reply}
        optional
      />
      <TextArea
        name="avoid"
        label="申请回避的单位"
        hint={`每行一个：单位名称|原因代码|说明。代码：${codes.join('，')}。投标人、招标人、代理机构和监督部门由系统自动回避，无须填写。`}
        rows={3}
        reply={reply}
        optional
      />
    </FieldGroup>
  )
}

type Lots = { id: string; code: string; name: string }[]

function PlanFields({ evaluationAt, others, reply }: { evaluationAt: string; others: Lots; reply: Reply }) {
  const ways = Object.entries(contactWayText).map(([value, text]) => ({ value, text }))
  return (
    <FieldGroup title="评标安排">
      {others.length > 0 ? (
        <CheckField
          name="alsoLots"
          label="同一委员会还评审以下标段"
          choices={others.map(({ id, code, name }) => ({ value: id, text: `${name}（${code}）` }))}
          reply={reply}
          optional
        />
      ) : null}
      <TimeField name="evaluationAt" label="评标时间" value={evaluationAt} reply={reply} />
      <TextField name="place" label="评标地点" value="评标室 1" reply={reply} />
      <TextField name="hours" label="预计时长" unit="小时" inputMode="numeric" value="4" reply={reply} />
      <TextField name="alternates" label="每席备选人数" inputMode="numeric" value="2" reply={reply} />
      <SelectField name="contactBy" label="通知方式" choices={ways} value="sms" reply={reply} />
      <CheckField
        name="complex"
        label="项目情况"
        choices={[{ value: 'yes', text: '技术复杂或社会影响较大（政府采购须 7 人以上）' }]}
        reply={reply}
        optional
      />
      <CheckField
        name="isEarly"
        label="抽取时间"
        hint="不选的，投标截止后、投标人确定时抽取。"
        choices={[{ value: 'yes', text: '投标截止前抽取；截止后按投标人再次核对，应当回避的由系统递补' }]}
        reply={reply}
        optional
      />
    </FieldGroup>
  )
}

/** What a request for a committee asks (EX-01): size, seats, representatives, units to avoid, lots, when, where and how people are reached. */
export function DrawFields({ evaluationAt, others, reply }: { evaluationAt: string; others: Lots; reply: Reply }) {
  return (
    <>
      <TextField
        name="size"
        label="委员会人数"
        hint="含招标人代表；5 人以上单数，专家不少于三分之二（《招标投标法》第三十七条）。"
        inputMode="numeric"
        value="5"
        reply={reply}
      />
      {/* A refusal about the seats as a whole is led here by the error summary. */}
      <div id="f-seats" tabIndex={-1}>
        {defaults.slice(0, 2).map((seat, index) => (
          <SeatFields key={index + 1} at={index + 1} seat={seat} reply={reply} optional={index > 0} />
        ))}
      </div>
      <Disclosure summary="更多席位">
        {defaults.slice(2).map((seat, index) => (
          <SeatFields key={index + 3} at={index + 3} seat={seat} reply={reply} optional />
        ))}
      </Disclosure>
      <PeopleFields reply={reply} />
      <PlanFields evaluationAt={evaluationAt} others={others} reply={reply} />
    </>
  )
}
