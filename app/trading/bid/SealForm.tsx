import { type FormEvent, useRef, useState } from 'react'
import { KeyFileFields } from '~/platform/identity/KeyFileTask'
import type { FormReply } from '~/shared/form-reply'
import { capitalFen, formatYuan, parseYuan } from '~/shared/money'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Remark } from '~/ui/layout'
import { MoneyField } from '~/ui/MoneyField'
import { FieldGroup } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { contentLimit } from './bid'
import { chosenRoles } from './bid.text'
import type { ChosenFile, SealScope, SealTask } from './seal-client'

type SealFormProps = {
  scope: SealScope
  ceilingFen: bigint
  /** Hidden while something else is to be done first; what was typed stays. */
  isHidden: boolean
  onSeal: (task: SealTask) => void
}

type Fields = Record<string, string>

/** What is wrong on the form, before anything is sealed; the opening checks the same again. */
function slipsOf(typed: Fields, files: Map<string, File>, ceilingFen: bigint): Fields {
  const fen = parseYuan(typed.price ?? '')
  const days = Number(typed.durationDays)
  const slips: Fields = {}
  if (fen === null || fen <= 0n) slips.price = '请填写投标报价：数字，最多两位小数'
  else if (fen > ceilingFen)
    slips.price = `投标报价高于最高投标限价 ${formatYuan(ceilingFen)}（《招标投标法实施条例》第五十一条）`
  if (!Number.isInteger(days) || days < 1 || days > 36_500) slips.durationDays = '请填写工期（服务期）的天数'
  if (!typed.quality?.trim()) slips.quality = '请填写质量承诺'
  if (!typed.manager?.trim()) slips.manager = '请填写项目负责人'
  for (const { role, label, isRequired } of chosenRoles) {
    const file = files.get(role)
    if (!file && isRequired) slips[role] = `请选择${label}`
    if (file && file.size > contentLimit) slips[role] = `${file.name} 超过 1 GiB，请压缩或拆分`
  }
  if (!files.has('keyFile')) slips.keyFile = '请选择证书文件'
  return slips
}

function formOf(typed: Fields): Record<string, string | number> {
  const fen = parseYuan(typed.price ?? '') ?? 0n
  return {
    priceFen: String(fen),
    priceWords: capitalFen(fen),
    currency: 'CNY',
    durationDays: Number(typed.durationDays),
    quality: (typed.quality ?? '').trim(),
    manager: (typed.manager ?? '').trim(),
    note: (typed.note ?? '').trim(),
  }
}

/** What was typed as text, the password apart: it is never written back into the page. */
function typedOf(form: HTMLFormElement): { values: Fields; password: string } {
  const typed: Fields = {}
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') typed[name] = value
  const { password = '', ...values } = typed
  return { values, password }
}

async function taskOf(
  scope: SealScope,
  { values, password }: ReturnType<typeof typedOf>,
  files: Map<string, File>,
): Promise<SealTask> {
  const chosen = chosenRoles.flatMap(({ role }): ChosenFile[] => {
    const file = files.get(role)
    return file ? [{ role, file }] : []
  })
  const bytes = (await files.get('keyFile')?.arrayBuffer()) ?? new ArrayBuffer(0)
  return { task: 'prepare', scope, key: { bytes, password }, form: formOf(values), files: chosen }
}

/** The bid: 开标一览表, files, the bidder's certificate file. All of it stays in this browser; only ciphertext leaves. */
export function SealForm({ scope, ceilingFen, isHidden, onSeal }: SealFormProps) {
  const [reply, setReply] = useState<FormReply>()
  const files = useRef(new Map<string, File>())
  const seal = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = typedOf(event.currentTarget)
    const fields = slipsOf(typed.values, files.current, ceilingFen)
    const isSlip = Object.keys(fields).length > 0
    setReply(isSlip ? { problem: '请改正以下内容', fields, values: typed.values } : undefined)
    if (!isSlip) onSeal(await taskOf(scope, typed, files.current))
  }
  return (
    <form onSubmit={seal} noValidate hidden={isHidden} className="flex flex-col gap-6">
      <ErrorSummary reply={reply} />
      <PriceFields reply={reply} />
      <BidFiles reply={reply} files={files.current} />
      <Actions pinned>
        <Submit>密封并上传</Submit>
      </Actions>
    </form>
  )
}

function BidFiles({ reply, files }: { reply: FormReply | undefined; files: Map<string, File> }) {
  const choose = (role: string, file: File | undefined) => void (file ? files.set(role, file) : files.delete(role))
  return (
    <>
      <FieldGroup title="投标文件">
        {chosenRoles.map(({ role, label, accept }) => (
          <FileField
            key={role}
            name={role}
            label={label}
            accept={accept}
            reply={reply}
            onFiles={([file]) => choose(role, file)}
          />
        ))}
      </FieldGroup>
      <FieldGroup title="签名和密封">
        <KeyFileFields hint="含本机构签名证书和加密证书的 .p12" reply={reply} onFile={file => choose('keyFile', file)} />
        <Remark>报价和文件也只在本机加密，离开本机的只有密文和签名。开标时须用同一证书文件释放密钥，请妥善保管。</Remark>
      </FieldGroup>
    </>
  )
}

function PriceFields({ reply }: { reply: FormReply | undefined }) {
  return (
    <FieldGroup title="开标一览表">
      <MoneyField name="price" label="投标报价" hint="开标时唱标的总价；大写由系统按小写生成，以大写为准" reply={reply} />
      <TextField name="durationDays" label="工期（服务期）" unit="天" inputMode="numeric" maxLength={5} reply={reply} />
      <TextField name="quality" label="质量承诺" maxLength={200} reply={reply} />
      <TextField name="manager" label="项目负责人" maxLength={50} reply={reply} />
      <TextArea name="note" label="备注" rows={2} maxLength={500} reply={reply} />
    </FieldGroup>
  )
}
