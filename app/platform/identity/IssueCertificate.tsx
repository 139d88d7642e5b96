import { useRevalidator } from '@remix-run/react'
import { type FormEvent, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { ScriptForm } from '~/ui/ScriptForm'
import { TextField } from '~/ui/TextField'
import { certifyKeys, makeHeldSet } from './held-key-client'
import { keySourceText } from './key.text'
import { startKeyWorker } from './key-client'

type Kind = 'rsa' | 'p256' | 'sm2'
type Place = 'file' | 'browser'

const kinds: { value: Kind; text: string; hint: string }[] = [
  { value: 'p256', text: 'P-256', hint: '国际算法套件' },
  { value: 'rsa', text: 'RSA 2048', hint: '国际算法套件' },
  { value: 'sm2', text: 'SM2', hint: '国密算法套件' },
]
const places: { value: Place; text: string; hint: string }[] = [
  { value: 'file', text: keySourceText.file, hint: '保存为 .p12 文件，可在其他电脑使用。' },
  { value: 'browser', text: keySourceText.browser, hint: '留在本浏览器，不能导出，只能在本机使用；国密算法不适用。' },
]
const uses: ('sign' | 'encrypt')[] = ['sign', 'encrypt']

const kindOf = (form: FormData): Kind => kinds.find(kind => kind.value === form.get('kind'))?.value ?? 'p256'

/** Makes a signing and an encryption key in this browser, has the demo CA certify them, and closes both into one .p12. */
async function makeKeyFile(kind: Kind, password: string): Promise<string> {
  const worker = startKeyWorker()
  try {
    const { spki } = await worker.do({ task: 'make', kind, count: uses.length })
    const certificates = await certifyKeys(uses, kind, spki)
    const { file } = await worker.do({ task: 'close', certificates, password })
    return URL.createObjectURL(new Blob([file], { type: 'application/x-pkcs12' }))
  } finally {
    worker.end()
  }
}

function slipsOf(kind: Kind, place: Place, password: string): Record<string, string> {
  if (place === 'browser') return kind === 'sm2' ? { place: '浏览器密钥不支持国密（SM2），请选择文件证书' } : {}
  return password.length < 8 ? { filePassword: '证书文件密码至少 8 位' } : {}
}

type Made = { place: Place; link: string }

function useIssuing() {
  const [reply, setReply] = useState<FormReply>()
  const [made, setMade] = useState<Made>()
  const [isBusy, setBusy] = useState(false)
  const { revalidate } = useRevalidator()
  const issue = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [kind, password] = [kindOf(form), String(form.get('filePassword') ?? '')]
    const place = form.get('place') === 'browser' ? 'browser' : 'file'
    const fields = slipsOf(kind, place, password)
    const values = { kind, place }
    if (Object.keys(fields).length > 0) return setReply({ problem: '请改正以下内容', fields, values })
    setBusy(true)
    setReply(undefined)
    const make = async () => (kind !== 'sm2' && place === 'browser' ? makeHeldSet(kind, uses) : makeKeyFile(kind, password))
    await make().then(
      link => setMade({ place, link }),
      error => setReply({ problem: error instanceof Error ? error.message : '未签发证书。', fields: {}, values }),
    )
    setBusy(false)
    revalidate()
  }
  return { reply, made, isBusy, issue }
}

function MadeNotice({ place, link }: Made) {
  if (place === 'browser')
    return (
      <Alert kind="done" title="证书已签发">
        签名与加密两个密钥保存在本浏览器中，不能导出，平台没有副本；清除浏览器数据后不能恢复，只能重新签发。
      </Alert>
    )
  return (
    <Alert kind="done" title="证书已签发">
      <a href={link} download="tender-key.p12">
        保存证书文件 tender-key.p12
      </a>
      <p>文件含签名与加密两份证书及其私钥，平台没有副本；丢失后不能恢复，只能重新签发。</p>
    </Alert>
  )
}

/** The demo CA's counter: keys stay in this browser, or leave it only in the file the person keeps. */
export function IssueCertificate() {
  const { reply, made, isBusy, issue } = useIssuing()
  const [place, setPlace] = useState('file')
  return (
    <ScriptForm onSubmit={issue}>
      <ErrorSummary reply={reply} />
      {made ? <MadeNotice {...made} /> : null}
      <RadioField name="kind" label="算法" choices={kinds} value="p256" reply={reply} />
      <RadioField name="place" label="保存在" choices={places} value="file" onChoose={setPlace} reply={reply} />
      {place === 'file' ? (
        <TextField
          name="filePassword"
          label="证书文件密码"
          hint="至少 8 位。"
          type="password"
          autoComplete="new-password"
          reply={reply}
        />
      ) : null}
      <Actions>
        <Submit>{isBusy ? '正在生成密钥…' : '生成密钥并签发证书'}</Submit>
      </Actions>
      <Remark>密钥在本机浏览器中生成；演练 CA 签发的证书只在演练环境中有效。</Remark>
    </ScriptForm>
  )
}
