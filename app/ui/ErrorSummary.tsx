import { type MouseEvent, useEffect, useRef } from 'react'
import type { FormReply } from '~/shared/form-reply'

/** What went wrong, in one place at the top: takes the focus, and each line leads to its field with the label in view. */
export function ErrorSummary({ reply }: { reply?: FormReply | null | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (reply) box.current?.focus()
  }, [reply])
  if (!reply) return null
  const fields = Object.entries(reply.fields)
  return (
    <div ref={box} role="alert" tabIndex={-1} aria-labelledby="error-summary" className="border-2 border-error px-4 py-4">
      <h2 id="error-summary" className="text-xl font-bold text-error">
        {fields.length > 0 ? '有内容需要改正' : '未能办理'}
      </h2>
      {fields.some(([, message]) => message === reply.problem) ? null : <p className="mt-2">{reply.problem}</p>}
      {fields.length > 0 ? (
        <ul className="mt-2 list-disc ps-6">
          {fields.map(([name, message]) => (
            <li key={name}>
              <a href={`#f-${name}`} className="text-error!" onClick={event => goToField(event, name)}>
                {message}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

/** The label, not the control, is scrolled into view: a field without its question is no help. */
function goToField(event: MouseEvent, name: string) {
  const control = document.getElementById(`f-${name}`)
  if (!control) return
  event.preventDefault()
  const label = document.querySelector(`label[for="f-${name}"], #l-${CSS.escape(name)}`)
  ;(label ?? control).scrollIntoView()
  control.focus({ preventScroll: true })
}
