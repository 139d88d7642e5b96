import { Link, useNavigation } from '@remix-run/react'
import { createContext, type ReactNode, useContext } from 'react'
import { isKeyPage } from '~/shared/key-pages'

type Look = 'primary' | 'plain' | 'danger'

export const looks: Record<Look, string> = {
  primary: 'btn btn-primary',
  plain: 'btn btn-outline btn-primary bg-base-100 hover:bg-base-200 hover:text-primary',
  danger: 'btn btn-error',
}

type SubmitProps = {
  children: ReactNode
  look?: Look
  name?: string
  value?: string
  formAction?: string
  formNoValidate?: boolean
}

/** False while a form that only scripts handle has none yet. */
export const FormReady = createContext(true)

/** Sends the form. A second press while the first is under way does nothing. */
export function Submit({ children, look = 'primary', ...rest }: SubmitProps) {
  const busy = useNavigation().state === 'submitting'
  const isReady = useContext(FormReady)
  return (
    <button
      type="submit"
      className={looks[look]}
      disabled={!isReady}
      aria-disabled={busy}
      onClick={event => busy && event.preventDefault()}
      {...rest}
    >
      {children}
    </button>
  )
}

type ButtonProps = { children: ReactNode; look?: Look; onClick?: () => void; disabled?: boolean; pressed?: boolean }

/** Does something in this page; it needs scripts, so nothing lawful may depend on it alone. */
export function Button({ children, look = 'plain', onClick, disabled, pressed }: ButtonProps) {
  return (
    <button type="button" className={looks[look]} onClick={onClick} disabled={disabled} aria-pressed={pressed}>
      {children}
    </button>
  )
}

type LinkButtonProps = { to: string; children: ReactNode; look?: Look; download?: boolean }

/** Leads to a page, looking like a button. Downloads leave the router alone, and so do pages with a policy of their own. */
export function LinkButton({ to, children, look = 'plain', download }: LinkButtonProps) {
  if (download) {
    return (
      <a href={to} download className={looks[look]}>
        {children}
      </a>
    )
  }
  return (
    <Link to={to} reloadDocument={isKeyPage(to)} className={looks[look]}>
      {children}
    </Link>
  )
}

/** Prints this page as a paper; without scripts the browser's own menu does the same. */
export function PrintButton({ children }: { children: ReactNode }) {
  return <Button onClick={() => window.print()}>{children}</Button>
}
