import { type FormEvent, useRef, useState } from 'react'
import { type ChosenKey, chosenKeyOf, isSecretField, keySlips } from '~/platform/identity/chosen-key'
import { KeyPicker } from '~/platform/identity/KeyPicker'
import type { FormReply } from '~/shared/form-reply'
import { capitalFen, formatYuan, parseYuan } from '~/shared/money'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { useFrame } from '~/ui/frame'
import { Actions, Remark } from '~/ui/layout'
import { MoneyField } from '~/ui/MoneyField'
import { FieldGroup } from '~/ui/PostForm'
import { ScriptForm } from '~/ui/ScriptForm'
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

/** Name of the password's field. */
const password = 'password'
const spareField = 'spare'

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

/** What was typed as text, secrets apart: they are never written back into the page. */
function typedOf(form: FormData): Fields {
  const typed: Fields = {}
  for (const [name, value] of form) if (typeof value === 'string' && !isSecretField(name)) typed[name] = value
  return typed
}

async function taskOf(scope: SealScope, typed: Fields, files: Map<string, File>, key: ChosenKey): Promise<SealTask> {
  const chosen = chosenRoles.flatMap(({ role }): ChosenFile[] => {
    const file = files.get(role)
    return file ? [{ role, file }] : []
  })
  const spare = (await files.get(spareField)?.arrayBuffer()) ?? null
  return { task: 'prepare', scope, key, form: formOf(typed), files: chosen, spare }
}

/** The bid: 开标一览表, files, the bidder's key. All of it stays in this browser; only ciphertext leaves. */
export function SealForm({ scope, ceilingFen, isHidden, onSeal }: SealFormProps) {
  const [reply, setReply] = useState<FormReply>()
  const { usbKeyUrls } = useFrame()
  const files = useRef(new Map<string, File>())
  const seal = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const typed = typedOf(form)
    const fields = { ...slipsOf(typed, files.current, ceilingFen), ...keySlips(form) }
    const isSlip = Object.keys(fields).length > 0
    setReply(isSlip ? { problem: '请改正以下内容', fields, values: typed } : undefined)
    if (isSlip) return
    onSeal(await taskOf(scope, typed, files.current, await chosenKeyOf(form, usbKeyUrls, password)))
  }
  return (
    <ScriptForm onSubmit={seal} hidden={isHidden}>
      <ErrorSummary reply={reply} />
      <PriceFields reply={reply} />
      <BidFiles reply={reply} files={files.current} />
      <Actions pinned>
        <Submit>密封并上传</Submit>
      </Actions>
    </ScriptForm>
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
        <KeyPicker hint="含本机构签名证书和加密证书的 .p12" reply={reply} password={password} />
        <FileField
          name={spareField}
          label="备用加密证书"
          hint="本机构另一份加密证书的 .cer 或 .pem；主证书遗失时可凭它释放密钥"
          accept=".cer,.crt,.pem,.der"
          reply={reply}
          optional
          onFiles={([file]) => choose(spareField, file)}
        />
        <Remark>报价和文件也只在本机加密，离开本机的只有密文和签名。开标时须用同一密钥释放，请妥善保管。</Remark>
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
