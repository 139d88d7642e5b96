import { type FormEventHandler, type ReactNode, useEffect, useState } from 'react'
import { FormReady } from './Button'

type ScriptFormProps = { children: ReactNode; onSubmit: FormEventHandler<HTMLFormElement>; hidden?: boolean }

/**
 * A form that this page's own scripts handle: prices, files and passwords in it must never leave by the browser's own way of sending
 * forms. Before the scripts run its button cannot be pressed, and `method="dialog"` outside a dialog sends nothing (HTML, form
 * submission algorithm); as a GET everything typed would stand in the address and in every log on the way (crypto.md §10.2).
 */
export function ScriptForm({ children, onSubmit, hidden }: ScriptFormProps) {
  const [isReady, setReady] = useState(false)
  useEffect(() => setReady(true), [])
  return (
    <FormReady.Provider value={isReady}>
      <form method="dialog" onSubmit={onSubmit} noValidate hidden={hidden} className="flex min-w-0 flex-col gap-6">
        {children}
      </form>
    </FormReady.Provider>
  )
}
