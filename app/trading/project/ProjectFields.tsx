import type { FormReply } from '~/shared/form-reply'
import { RadioField, SelectField } from '~/ui/ChoiceField'
import { FieldGroup } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { sectorText } from './project.text'

type Choice = { value: string; text: string }
type ProjectFieldsProps = { editions: Choice[]; regions: Choice[]; reply: FormReply | undefined }

const mandatory: Choice[] = [
  { value: 'yes', text: '是，依法必须招标：期限不足不能发布' },
  { value: 'no', text: '否，自愿招标：期限不足只作提示' },
]

const sectors = Object.entries(sectorText).map(([value, text]) => ({ value, text }))

/** The fields of a new tender project. */
export function ProjectFields({ editions, regions, reply }: ProjectFieldsProps) {
  return (
    <>
      <FieldGroup title="项目">
        <TextField name="name" label="项目名称" maxLength={600} reply={reply} />
        <SelectField
          name="edition"
          label="交易类别、采购方式和规则版本"
          hint="项目自始至终按所选版本判断期限和程序，建立后不能更改。"
          choices={editions}
          reply={reply}
        />
        <RadioField name="isToLaw" label="是否依法必须招标" choices={mandatory} value="yes" reply={reply} />
        <SelectField name="regionCode" label="行政区划" choices={regions} reply={reply} />
        <SelectField name="sector" label="行业" choices={sectors} reply={reply} />
        <TextField name="fundSource" label="资金来源" maxLength={1000} reply={reply} />
        <TextArea name="scale" label="项目规模" rows={3} maxLength={1000} reply={reply} />
      </FieldGroup>
      <FieldGroup title="招标人和联系人">
        <TextField name="tendererName" label="招标人（采购人）名称" maxLength={200} reply={reply} />
        <TextField
          name="tendererCode"
          label="统一社会信用代码"
          hint="18 位，按 GB 32100—2015 校验。"
          maxLength={18}
          reply={reply}
        />
        <TextField name="contact" label="联系人" maxLength={60} reply={reply} />
        <TextField name="phone" label="联系电话" type="tel" inputMode="tel" reply={reply} />
      </FieldGroup>
    </>
  )
}
