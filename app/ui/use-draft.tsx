import { type RefObject, useEffect, useState } from 'react'

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const kept = new Set(['text', 'tel', 'email', 'url', 'number', 'date', 'datetime-local', 'textarea', 'select-one'])

/** What a draft may hold: never passwords, files, hidden values or confirmations. */
const controlsOf = (form: HTMLFormElement): Control[] =>
  [...form.elements].filter((el): el is Control => 'name' in el && 'type' in el && el.name !== '' && kept.has(String(el.type)))

/** Sets a value as a person would, so that what listens (words of an amount) follows. */
function type(control: Control, value: string): void {
  const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), 'value')?.set
  setter?.call(control, value)
  control.dispatchEvent(new Event('input', { bubbles: true }))
}

function restore(form: HTMLFormElement, key: string): boolean {
  const text = localStorage.getItem(key)
  if (!text) return false
  const values: Record<string, string> = JSON.parse(text)
  const changed = controlsOf(form).filter(control => values[control.name] !== undefined && control.value !== values[control.name])
  for (const control of changed) type(control, values[control.name] ?? '')
  return changed.length > 0
}

const keep = (form: HTMLFormElement, key: string) =>
  localStorage.setItem(key, JSON.stringify(Object.fromEntries(controlsOf(form).map(control => [control.name, control.value]))))

/**
 * Keeps what is typed in this browser until the form leads on: a closed laptop resumes. A form that came back with errors
 * already carries its values and is not overwritten. Returns whether a draft was brought back, and how to drop it.
 */
export function useDraft(form: RefObject<HTMLFormElement | null>, name: string | undefined) {
  const [isRestored, setRestored] = useState(false)
  const key = name ? `draft ${name}` : null
  useEffect(() => {
    const element = form.current
    if (!element || !key) return
    setRestored(restore(element, key))
    let isSent = false
    const onInput = () => {
      isSent = false
      keep(element, key)
    }
    const onSubmit = () => {
      isSent = true
    }
    element.addEventListener('input', onInput)
    element.addEventListener('submit', onSubmit)
    return () => {
      element.removeEventListener('input', onInput)
      element.removeEventListener('submit', onSubmit)
      // Leaving after sending means it was taken, unless it came back with errors; leaving without sending keeps the draft.
      if (isSent && !element.querySelector('[aria-invalid]')) localStorage.removeItem(key)
    }
  }, [form, key])
  const drop = () => {
    const element = form.current
    if (!element || !key) return
    element.reset()
    for (const control of controlsOf(element)) control.dispatchEvent(new Event('input', { bubbles: true }))
    localStorage.removeItem(key)
    setRestored(false)
  }
  return { isRestored, drop }
}
