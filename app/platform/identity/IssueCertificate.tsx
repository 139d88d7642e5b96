import { useRevalidator } from '@remix-run/react'
import { type FormEvent, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark, Stack } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { TextField } from '~/ui/TextField'
import { callApi, startKeyWorker } from './key-client'

type Kind = 'rsa' | 'p256' | 'sm2'
interface Issued {
  certificate: string
  chain: string[]
}

const kinds: { value: Kind; text: string; hint: string }[] = [
  { value: 'p256', text: 'P-256', hint: '国际算法套件' },
  { value: 'rsa', text: 'RSA 2048', hint: '国际算法套件' },
  { value: 'sm2', text: 'SM2', hint: '国密算法套件' },
]

const isKind = (value: unknown): value is Kind => kinds.some(kind => kind.value === value)

/** Makes a signing and an encryption key in this browser, has the demo CA certify them, and closes both into one .p12. */
async function makeKeyFile(kind: Kind, password: string): Promise<string> {
  const worker = startKeyWorker()
  try {
    const { spki } = await worker.do({ task: 'make', kind, count: 2 })
    const suite = kind === 'sm2' ? 'gm' : 'intl'
    const ask = (use: 'sign' | 'encrypt', key: string | undefined) =>
      callApi<Issued>('/sandbox/certificates', { use, suite, algorithm: kind, spki: key })
    const certificates = [await ask('sign', spki[0]), await ask('encrypt', spki[1])]
    const { file } = await worker.do({ task: 'close', certificates, password })
    return URL.createObjectURL(new Blob([file], { type: 'application/x-pkcs12' }))
  } finally {
    worker.end()
  }
}

/** The demo CA's counter: keys never leave this browser but in the file the person keeps. */
export function IssueCertificate() {
  const [reply, setReply] = useState<FormReply>()
  const [link, setLink] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const { revalidate } = useRevalidator()
  const issue = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [kind, password] = [form.get('kind'), String(form.get('filePassword') ?? '')]
    if (!isKind(kind) || password.length < 8) {
      return setReply({ problem: '请改正以下内容', fields: { filePassword: '证书文件密码至少 8 位' }, values: {} })
    }
    setBusy(true)
    setReply(undefined)
    try {
      setLink(await makeKeyFile(kind, password))
      revalidate()
    } catch (error) {
      setReply({ problem: error instanceof Error ? error.message : '未签发证书。', fields: {}, values: {} })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={issue} noValidate>
      <Stack>
        <ErrorSummary reply={reply} />
        {link ? (
          <Alert kind="done" title="证书已签发">
            <a href={link} download="tender-key.p12">
              保存证书文件 tender-key.p12
            </a>
            <p>文件含签名与加密两份证书及其私钥，平台没有副本；丢失后不能恢复，只能重新签发。</p>
          </Alert>
        ) : null}
        <RadioField name="kind" label="算法" choices={kinds} value="p256" reply={reply} />
        <TextField
          name="filePassword"
          label="证书文件密码"
          hint="至少 8 位。"
          type="password"
          autoComplete="new-password"
          reply={reply}
        />
        <Actions>
          <Submit>{isBusy ? '正在生成密钥…' : '生成密钥并签发证书'}</Submit>
        </Actions>
        <Remark>密钥在本机浏览器中生成；演练 CA 签发的证书只在演练环境中有效。</Remark>
      </Stack>
    </form>
  )
}
