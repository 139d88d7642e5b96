import { Form } from '@remix-run/react'
import type { ReactNode } from 'react'
import { looks } from './Button'

type PostFormProps = { children: ReactNode; action?: string; files?: boolean; inline?: boolean }

/** A form that acts. One column, one question after the other; files need `files`. The server checks, so the browser does not. */
export function PostForm({ children, action, files = false, inline = false }: PostFormProps) {
  return (
    <Form
      method="post"
      action={action}
      encType={files ? 'multipart/form-data' : undefined}
      noValidate
      className={inline ? 'flex flex-wrap items-end gap-4' : 'flex flex-col gap-6'}
    >
      {children}
    </Form>
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
