import { Form } from '@remix-run/react'
import { type ReactNode, useRef } from 'react'
import { looks } from './Button'
import { useDraft } from './use-draft'

type PostFormProps = {
  children: ReactNode
  action?: string
  files?: boolean
  inline?: boolean
  /** Name under which this browser keeps what is typed until it is sent. Not for bids or personal data. */
  draft?: string
}

/** A form that acts. One column, one question after the other; files need `files`. The server checks, so the browser does not. */
export function PostForm({ children, action, files = false, inline = false, draft }: PostFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const { isRestored, drop } = useDraft(form, draft)
  return (
    <Form
      ref={form}
      method="post"
      action={action}
      encType={files ? 'multipart/form-data' : undefined}
      noValidate
      className={inline ? 'flex flex-wrap items-end gap-4' : 'flex flex-col gap-6'}
    >
      {isRestored ? <DraftNote drop={drop} /> : null}
      {children}
    </Form>
  )
}

function DraftNote({ drop }: { drop: () => void }) {
  return (
    <div role="status" className="flex max-w-prose flex-wrap items-baseline gap-4 border border-s-4 border-primary px-4 py-2">
      <span>已恢复本机上次未提交的填写内容。</span>
      <button type="button" onClick={drop} className="cursor-pointer text-primary underline underline-offset-4">
        清除草稿
      </button>
    </div>
  )
}

export function Hidden({ name, value }: { name: string; value: string }) {
  return <input type="hidden" name={name} value={value} />
}

/** Fields that belong together, under one heading. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 text-lg font-bold">{title}</legend>
      {children}
    </fieldset>
  )
}

type PostButtonProps = { action?: string; values?: Record<string, string>; link?: boolean; children: ReactNode }

/** A button that is a form of its own: one small act, named by its text. */
export function PostButton({ action, values = {}, link = false, children }: PostButtonProps) {
  return (
    <Form method="post" action={action}>
      {Object.entries(values).map(([name, value]) => (
        <Hidden key={name} name={name} value={value} />
      ))}
      <button type="submit" className={link ? 'min-h-11 cursor-pointer text-primary underline underline-offset-4' : looks.plain}>
        {children}
      </button>
    </Form>
  )
}
