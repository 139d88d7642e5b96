import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { SelectField } from '~/ui/ChoiceField'
import { Actions, Remark } from '~/ui/layout'
import { FieldGroup, Hidden, PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import type { ApplicationView } from './ApplicationFacts'
import { avoidKindText } from './expert.text'

type Reply = FormReply | undefined
type Specialties = { code: string; name: string; level: number }[]

function PersonFields({ reply }: { reply: Reply }) {
  return (
    <FieldGroup title="本人">
      <TextField name="name" label="姓名" autoComplete="name" reply={reply} />
      <TextField name="idNumber" label="身份证号" autoComplete="off" maxLength={18} reply={reply} />
      <TextField name="phone" label="手机" type="tel" inputMode="tel" autoComplete="tel" reply={reply} />
      <TextField name="email" label="邮箱" type="email" inputMode="email" autoComplete="email" reply={reply} optional />
      <TextField name="bankName" label="收款银行" reply={reply} optional />
      <TextField name="bankAccount" label="收款账号" inputMode="numeric" autoComplete="off" reply={reply} optional />
    </FieldGroup>
  )
}

function SkillFields({ specialties, reply }: { specialties: Specialties; reply: Reply }) {
  const choices = specialties.filter(one => one.level > 1).map(one => ({ value: one.code, text: `${one.code} ${one.name}` }))
  return (
    <FieldGroup title="专业与资历">
      <SelectField name="mainDisc" label="主评专业" choices={choices} reply={reply} />
      <SelectField name="disc2" label="其他专业一" choices={choices} reply={reply} optional />
      <SelectField name="disc3" label="其他专业二" choices={choices} reply={reply} optional />
      <TextField name="title" label="职称" reply={reply} />
      <TextField name="yearsInField" label="从事相关领域工作年限" unit="年" inputMode="numeric" reply={reply} />
      <TextField name="degree" label="学历" reply={reply} optional />
      <TextArea name="certificates" label="执业资格" rows={2} reply={reply} optional />
      <TextArea name="experience" label="工作经历" rows={4} reply={reply} />
    </FieldGroup>
  )
}

function UnitFields({ reply }: { reply: Reply }) {
  const kinds = Object.entries(avoidKindText).map(([code, text]) => `${code} ${text}`)
  return (
    <FieldGroup title="单位与回避">
      <TextField name="employerName" label="工作单位" autoComplete="organization" reply={reply} />
      <TextField
        name="employerCode"
        label="单位统一社会信用代码"
        hint="单位在本平台注册的，由其成员在线推荐；未注册的，由专家库登记纸质推荐函。"
        maxLength={18}
        reply={reply}
      />
      <TextField
        name="regionCode"
        label="常住地区代码"
        hint="6 位行政区划代码，例如 350102"
        inputMode="numeric"
        maxLength={6}
        reply={reply}
      />
      <TextArea
        name="employments"
        label="近三年任职单位"
        hint="每行一个：单位|统一社会信用代码|起|止，例如 某公司||2022-01-01|2024-06-30。这些单位参加的评标自动回避。"
        rows={3}
        reply={reply}
        optional
      />
      <TextArea
        name="avoid"
        label="应当回避的单位"
        hint={`每行一个：单位|关系代码|说明。关系代码：${kinds.join('，')}。`}
        rows={3}
        reply={reply}
        optional
      />
    </FieldGroup>
  )
}

/** The whole form of an application to the library. */
export function ApplicationFields({ specialties, reply }: { specialties: Specialties; reply: Reply }) {
  return (
    <>
      <PersonFields reply={reply} />
      <SkillFields specialties={specialties} reply={reply} />
      <UnitFields reply={reply} />
    </>
  )
}

type OwnApplication = ApplicationView & { appealable: string | null }

/** What the applicant can do now: take it back, go to the expert's desk, or appeal. */
export function NextStep({ application, reply }: { application: OwnApplication; reply: Reply }) {
  if (application.state === 'submitted' || application.state === 'recommended')
    return (
      <PostForm>
        <Hidden name="step" value="withdraw" />
        <Hidden name="id" value={application.id} />
        <Actions>
          <Submit look="danger">撤回申请</Submit>
        </Actions>
      </PostForm>
    )
  if (application.state === 'admitted')
    return (
      <PostForm>
        <Hidden name="step" value="enter" />
        <Remark>专家账号与您现在的账号分开，外人无从知道您是哪一位专家。</Remark>
        <Actions>
          <Submit>进入专家工作台</Submit>
        </Actions>
      </PostForm>
    )
  if (!application.appealable) return null
  return (
    <PostForm>
      <Hidden name="step" value="appeal" />
      <Hidden name="id" value={application.appealable} />
      <TextArea name="text" label="对不予入库提出申诉" hint="由未作出原决定的人员处理，只能提出一次。" rows={4} reply={reply} />
      <Actions>
        <Submit>提交申诉</Submit>
      </Actions>
    </PostForm>
  )
}
