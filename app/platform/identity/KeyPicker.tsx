import { useLocation } from '@remix-run/react'
import { type ReactNode, useEffect, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { isKeyPage } from '~/shared/key-pages'
import { dayOf, formatDay } from '~/shared/time'
import { RadioField, SelectField } from '~/ui/ChoiceField'
import { FileField } from '~/ui/FileField'
import { Remark } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { TextField } from '~/ui/TextField'
import { keyFields, keyPassword } from './chosen-key'
import { keySourceText } from './key.text'
import { type KeySet, listSets } from './key-shelf'

type KeyPickerProps = {
  /** What the certificate file has to hold. */
  hint: string
  reply: FormReply | undefined
  /** Name of the password's field. */
  password?: string
  /** A way of the page's own, offered first: it needs no further fields. */
  own?: { value: string; text: string; hint?: string }
}

const choices = [
  { value: 'file', text: keySourceText.file, hint: '.p12 或 .pfx 文件，含 RSA、P-256 或国密 SM2 密钥' },
  { value: 'browser', text: keySourceText.browser, hint: '在本浏览器中生成、不能导出的密钥' },
  { value: 'token', text: keySourceText.token, hint: '须先安装并启动厂商控件' },
]

/** Where the key is that signs or opens: a certificate file, this browser, a USB key. Passwords and keys stay on this machine. */
export function KeyPicker({ hint, reply, password = keyPassword, own }: KeyPickerProps) {
  const [source, setSource] = useState(own?.value ?? 'file')
  return (
    <>
      <RadioField
        name={keyFields.source}
        label="签名密钥"
        choices={own ? [own, ...choices] : choices}
        value={own?.value ?? 'file'}
        onChoose={setSource}
        reply={reply}
      />
      {source === 'file' ? <FileKey hint={hint} reply={reply} password={password} /> : null}
      {source === 'browser' ? <BrowserKeys reply={reply} /> : null}
      {source === 'token' ? <TokenKey reply={reply} /> : null}
    </>
  )
}

function FileKey({ hint, reply, password = keyPassword }: Omit<KeyPickerProps, 'own'>) {
  return (
    <>
      <FileField name={keyFields.file} label="证书文件" hint={hint} accept=".p12,.pfx" reply={reply} />
      <TextField name={password} label="证书文件密码" type="password" autoComplete="off" reply={reply} />
      <Remark>私钥与密码只在本机浏览器中使用，不会上传。</Remark>
    </>
  )
}

const usesText = ({ uses }: KeySet) => (uses.includes('encrypt') ? '' : '（仅签名）')
const setText = (set: KeySet) => `${set.subject}${usesText(set)}，至 ${formatDay(dayOf(new Date(set.notAfter)))}`

function BrowserKeys({ reply }: { reply: FormReply | undefined }) {
  const [sets, setSets] = useState<KeySet[] | null>(null)
  useEffect(() => void listSets().then(setSets, () => setSets([])), [])
  if (sets === null) return null
  const [first] = sets
  if (!first)
    return (
      <Notice kind="warn" title="本浏览器中没有密钥">
        请在生成密钥时所用的浏览器中办理，或换用文件证书、USB Key。
      </Notice>
    )
  const shown = sets.map(set => ({ value: set.setId, text: setText(set) }))
  return (
    <>
      <SelectField name={keyFields.set} label="密钥" choices={shown} value={first.setId} reply={reply} />
      <Remark>密钥保存在本浏览器中，不能导出；清除浏览器数据后不能恢复。</Remark>
    </>
  )
}

/** Whether this document came with leave to reach the middleware; it keeps the policy it came with. */
function mayReachToken(): boolean {
  const [entry] = performance.getEntriesByType('navigation')
  return entry === undefined || isKeyPage(new URL(entry.name).pathname)
}

function TokenKey({ reply }: { reply: FormReply | undefined }) {
  const [mayReach, setMayReach] = useState(true)
  useEffect(() => setMayReach(mayReachToken()), [])
  if (!mayReach)
    return (
      <Notice kind="warn" title="请重新打开本页">
        本页由其他页面转来，尚不能连接 USB Key。
        <ReloadLink>重新打开本页</ReloadLink>后再选择 USB Key。
      </Notice>
    )
  return (
    <>
      <TextField
        name={keyFields.pin}
        label="USB Key PIN"
        hint="厂商控件会自行询问 PIN 的，留空。"
        type="password"
        autoComplete="off"
        optional
        reply={reply}
      />
      <Remark>私钥不离开 USB Key；PIN 只交给本机的厂商控件，不会上传。</Remark>
    </>
  )
}

function ReloadLink({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation()
  return <a href={pathname + search}>{children}</a>
}
