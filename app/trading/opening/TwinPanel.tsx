import { type FormEvent, useRef, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { Disclosure } from '~/ui/Disclosure'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Bullets } from '~/ui/layout'
import { Progress } from '~/ui/Progress'
import { ScriptForm } from '~/ui/ScriptForm'
import { handInFromBrowser } from './twin-client'

type TwinPanelProps = { lotId: string; statement: string; stage: string | null; isOpen: boolean; onDone: () => void }

const missing = (field: string, text: string): FormReply => ({ problem: '请改正以下内容', fields: { [field]: text }, values: {} })

function useHandIn({ lotId, statement, stage, onDone }: TwinPanelProps) {
  const chosen = useRef<{ keepsake?: File; files: File[] }>({ files: [] })
  const [reply, setReply] = useState<FormReply>()
  const [state, setState] = useState<'idle' | 'busy'>('idle')
  const [progress, setProgress] = useState({ done: 0, total: 1 })
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { keepsake, files } = chosen.current
    if (state === 'busy') return
    if (!keepsake) return setReply(missing('keepsake', '请选择补录凭据'))
    setReply(undefined)
    setState('busy')
    try {
      await handInFromBrowser({ lotId, statement, stage, keepsake, files }, (done, total) => setProgress({ done, total }))
      // The hall says what is in hand; this form stands until it does.
      onDone()
    } catch (error) {
      setReply({ problem: error instanceof Error ? error.message : '未提交。', fields: {}, values: {} })
      setState('idle')
    }
  }
  return { chosen: chosen.current, reply, state, progress, onSubmit }
}

const mib = (bytes: number) => bytes / 1_048_576

/** A bidder whose key is lost or whose bid could not be opened hands in the files it sealed (补录), where the tender document allows it. */
export function TwinPanel(props: TwinPanelProps) {
  const form = useHandIn(props)
  return (
    <Disclosure summary="补录未加密副本" open={props.isOpen}>
      <ScriptForm onSubmit={form.onSubmit}>
        <ErrorSummary reply={form.reply} />
        <Bullets
          items={[
            '只用于密文不能解密：证书遗失、密钥不符、密文损坏等。能释放密钥的，请释放密钥。',
            '副本须与密封时的文件完全一致。不一致的不接受，并向全体公布。',
            '补录后由主持人提请、监督部门同意，方按副本唱标（《电子招标投标办法》第三十一条）。',
          ]}
        />
        <FileField
          name="keepsake"
          label="补录凭据"
          hint="密封时下载的 JSON 文件"
          accept=".json"
          reply={form.reply}
          onFiles={([file]) => {
            form.chosen.keepsake = file
          }}
        />
        <FileField
          name="twins"
          label="原文件"
          hint="密封时所用的技术标、商务标等全部文件，可多选；用离线工具密封的，连同开标一览表"
          multiple
          reply={form.reply}
          optional
          onFiles={files => {
            form.chosen.files = files
          }}
        />
        {form.state === 'busy' ? (
          <Progress what="正在核对并上传" done={mib(form.progress.done)} total={mib(form.progress.total)} unit="MiB" />
        ) : null}
        <Actions>
          <Submit>{form.state === 'busy' ? '正在补录…' : '补录未加密副本'}</Submit>
        </Actions>
        <noscript>补录需要启用 JavaScript，或经接口提交。</noscript>
      </ScriptForm>
    </Disclosure>
  )
}
