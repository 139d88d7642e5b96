import type { FormReply } from '~/shared/form-reply'
import { RadioField, SelectField } from '~/ui/ChoiceField'
import { MoneyField } from '~/ui/MoneyField'
import { FieldGroup } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { envelopesText, releaseModeText, suiteText } from './lot.text'
import { formulaText, methodText } from './scoring.text'

const choicesOf = (words: Record<string, string>) => Object.entries(words).map(([value, text]) => ({ value, text }))

type LotFieldsProps = { ruleSet: 'tender' | 'procurement'; isDrill: boolean; reply: FormReply | undefined }

function SealingFields({ isDrill, reply }: Pick<LotFieldsProps, 'isDrill' | 'reply'>) {
  return (
    <FieldGroup title="密封与开标">
      <RadioField
        name="envelopes"
        label="信封"
        hint="双信封：先开启技术和商务文件，评审通过的再开启报价；未通过的报价不开启。"
        choices={choicesOf(envelopesText)}
        value="1"
        reply={reply}
      />
      <RadioField
        name="releaseMode"
        label="解密方式"
        hint="平台不持有任何密钥，开标前任何人（包括平台）不可见投标内容。"
        choices={choicesOf(releaseModeText)}
        value="custody"
        reply={reply}
      />
      <TextField
        name="threshold"
        label="保管人门限 k"
        hint="n 个保管人中至少 k 个释放才能解密；投标人释放的标段填 0。"
        inputMode="numeric"
        value="2"
        reply={reply}
      />
      <TextField
        name="releaseMinutes"
        label="释放密钥时长"
        unit="分钟"
        inputMode="decimal"
        value={isDrill ? '1' : '60'}
        reply={reply}
      />
      <SelectField name="suite" label="密码算法" choices={choicesOf(suiteText)} value="intl" reply={reply} />
    </FieldGroup>
  )
}

function ScoringFields({ ruleSet, reply }: Pick<LotFieldsProps, 'ruleSet' | 'reply'>) {
  const isProcurement = ruleSet === 'procurement'
  return (
    <FieldGroup title="评标办法">
      <RadioField name="method" label="办法" choices={choicesOf(methodText)} value="comprehensive" reply={reply} />
      <SelectField
        name="formula"
        label="价格分公式"
        choices={choicesOf(formulaText)}
        value={isProcurement ? 'F1' : 'F2'}
        reply={reply}
      />
      <TextField
        name="priceWeight"
        label="价格权重"
        hint="低价优先法填比重，如 0.30；去极值平均法填满分，如 60。价格分与各评分项满分之和应为 100 分。"
        inputMode="decimal"
        value={isProcurement ? '0.30' : '60'}
        reply={reply}
      />
      <TextArea
        name="items"
        label="评分项"
        hint="每行一项：名称 满分 技术或商务。"
        rows={5}
        value={isProcurement ? '技术响应 45 技术\n售后服务 15 技术\n业绩 10 商务' : '施工组织设计 25 技术\n企业业绩 15 商务'}
        reply={reply}
      />
      <TextArea
        name="compliance"
        label="符合性评审"
        hint="每行一项；任何一项不通过即否决投标（投标无效），须写明理由。"
        rows={4}
        value={'投标函签字盖章齐全\n报价不高于最高投标限价\n资格条件符合招标文件要求'}
        reply={reply}
      />
    </FieldGroup>
  )
}

/** The fields of a new lot. */
export function LotFields({ ruleSet, isDrill, reply }: LotFieldsProps) {
  return (
    <>
      <FieldGroup title="标段">
        <TextField name="name" label="标段名称" maxLength={600} reply={reply} />
        <TextArea name="content" label="招标内容" rows={4} maxLength={5000} reply={reply} />
        <TextArea name="qualification" label="投标人资格条件" rows={4} maxLength={5000} reply={reply} />
        <MoneyField name="ceilingYuan" label="最高投标限价" hint="随公告公布；不得规定最低投标限价。" reply={reply} />
      </FieldGroup>
      <SealingFields isDrill={isDrill} reply={reply} />
      <ScoringFields ruleSet={ruleSet} reply={reply} />
    </>
  )
}
