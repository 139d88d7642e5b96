import { useState } from 'react'
import { KeyPicker } from '~/platform/identity/KeyPicker'
import { useKeyForm } from '~/platform/identity/use-key-form'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets, Remark, Section } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { Progress } from '~/ui/Progress'
import { ScriptForm } from '~/ui/ScriptForm'
import type { Hall } from './hall'
import { envelopeText, releaseProblemText } from './opening.text'
import { type Released, releaseFromBrowser } from './release-client'

type ReleasePanelProps = {
  lotId: string
  lotName: string
  org: string
  role: 'custodian' | 'bidder'
  isByTimestamp: boolean
  hasReleased: boolean
  envelope: Hall['envelope']
  onDone: () => void
}

/** One act for the whole lot: this browser proves the close, unwraps and signs; only the parts of counted bids leave it. */
export function ReleasePanel({ lotId, lotName, org, role, isByTimestamp, hasReleased, envelope, onDone }: ReleasePanelProps) {
  const [progress, setProgress] = useState({ done: 0, total: 1 })
  const [released, setReleased] = useState<Released>()
  const form = useKeyForm(async key => {
    const ask = { lotId, org, role, allowUncosigned: isByTimestamp, key }
    setReleased(await releaseFromBrowser(ask, (done, total) => setProgress({ done, total })))
    onDone()
  })
  if (released) return <ReleasedNotice released={released} />
  if (hasReleased) return <Remark>本机构已释放密钥。</Remark>
  return (
    <Section title="释放本标段密钥">
      <ScriptForm onSubmit={form.onSubmit}>
        <ErrorSummary reply={form.reply} />
        <Bullets items={consequences(`「${lotName}」${envelope ? envelopeText[envelope] : ''}`, role, envelope === 2)} />
        <KeyPicker hint={keyHint[role]} reply={form.reply} />
        {form.isBusy ? <Progress what="正在核验并打开" {...progress} unit="份" /> : null}
        <ReleaseFoot isBusy={form.isBusy} />
      </ScriptForm>
    </Section>
  )
}

const ReleaseFoot = ({ isBusy }: { isBusy: boolean }) => (
  <>
    <Actions pinned>
      <Submit>{isBusy ? '正在释放…' : '释放本标段密钥'}</Submit>
    </Actions>
    <Remark>浏览器先核验截标登记及监督方见证，通过后才打开截标时计入的投标所需的部分。</Remark>
    <noscript>释放密钥需要启用 JavaScript，或使用离线工具经接口释放。</noscript>
  </>
)

const keyHint = {
  custodian: '.p12 或 .pfx，登记密钥时所用的那一份',
  bidder: '.p12 或 .pfx，密封时所用的那一份；主证书遗失或损坏的，选择密封时指定的备用证书',
}

/** A second envelope (双信封) is given out of those bids only that passed the review of the first. */
const consequences = (what: string, role: 'custodian' | 'bidder', isSecond: boolean) =>
  role === 'custodian'
    ? [
        isSecond
          ? `释放${what}的密钥份额，只限通过第一信封评审的投标；其余的不会打开。`
          : `释放${what}全部计入投标的密钥份额；已撤回和被替换的投标不会打开。`,
        '释放后不能收回；达到门限即解密唱标。',
      ]
    : [`释放本机构在${what}的投标密钥。`, '释放后不能收回；逾期未释放的，视为撤销投标文件（《电子招标投标办法》第三十一条）。']

function ReleasedNotice({ released }: { released: Released }) {
  const isClean = released.refused.length === 0 && released.unusable === 0
  return (
    <Alert kind={isClean ? 'done' : 'warn'} title={`已释放 ${released.accepted} 份密钥`}>
      {released.refused.map(({ part, code }) => (
        <p key={part + code}>未通过：{releaseProblemText[code] ?? code}</p>
      ))}
      {released.bySpare > 0 ? <p>其中 {released.bySpare} 份是用备用证书打开的。</p> : null}
      {released.unusable > 0 ? <p>{released.unusable} 份投标没有用此证书可打开的密钥。</p> : null}
      {released.reported > 0 ? (
        <p>其中 {released.reported} 份是投标人分给本机构、但不能使用的密钥份额，已由本机构签名报告，视同未释放。</p>
      ) : null}
      <p>签名的释放消息已写入平台日志，可在标段时间线中核验。</p>
    </Alert>
  )
}
