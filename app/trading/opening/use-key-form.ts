import { type FormEvent, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'

export type KeyForm = {
  setFile: (files: File[]) => void
  reply: FormReply | undefined
  isBusy: boolean
  onSubmit: (event: FormEvent<HTMLFormElement>) => Promise<void>
}

const replyOf = (problem: string): FormReply => ({ problem, fields: {}, values: {} })

/** A form whose act needs the key file chosen in it: one problem at a time, in words, and no second act while one is under way. */
export function useKeyForm(act: (file: File, values: FormData) => Promise<void>): KeyForm {
  const [file, setFile] = useState<File>()
  const [reply, setReply] = useState<FormReply>()
  const [isBusy, setBusy] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    if (isBusy) return
    if (!file) return setReply(replyOf('请先选择证书文件。'))
    setReply(undefined)
    setBusy(true)
    await act(file, values).catch((error: unknown) => setReply(replyOf(error instanceof Error ? error.message : '未办理。')))
    setBusy(false)
  }
  return { setFile: files => setFile(files[0]), reply, isBusy, onSubmit }
}
