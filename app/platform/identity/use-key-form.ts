import { type FormEvent, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { useFrame } from '~/ui/frame'
import { type ChosenKey, chosenKeyOf, isSecretField, keySlips } from './chosen-key'

export interface KeyForm {
  reply: FormReply | undefined
  isBusy: boolean
  onSubmit: (event: FormEvent<HTMLFormElement>) => Promise<void>
}

type Options = {
  /** Name of the picker's password field, where it is not its usual one. */
  password?: string
  /** What else is wrong on the form, by field. */
  check?: (values: FormData) => Record<string, string>
  /** Gives a key that is not in the picker; null leaves the choice to it. */
  ownKey?: (values: FormData) => (() => Promise<ChosenKey>) | null
}

/** What was typed and may be shown again. */
function shownValues(form: FormData): Record<string, string> {
  const shown = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !isSecretField(entry[0]))
  return Object.fromEntries(shown)
}

/**
 * A form whose act needs a key: what is missing is told at its field, what went wrong in words, and no second act begins while one
 * is under way. `act` gets the chosen key, and a way to choose it again for a further signature; it throws an Error whose message is the sentence to show.
 */
export function useKeyForm(
  act: (key: ChosenKey, values: FormData, again: () => Promise<ChosenKey>) => Promise<void>,
  options: Options = {},
): KeyForm {
  const { password, check, ownKey } = options
  const { usbKeyUrls } = useFrame()
  const [reply, setReply] = useState<FormReply>()
  const [isBusy, setBusy] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    if (isBusy) return
    const own = ownKey?.(form) ?? null
    const fields = { ...check?.(form), ...(own ? {} : keySlips(form)) }
    const values = shownValues(form)
    if (Object.keys(fields).length > 0) return setReply({ problem: '请改正以下内容', fields, values })
    setReply(undefined)
    setBusy(true)
    const told = (error: unknown) =>
      setReply({ problem: error instanceof Error ? error.message : '未办理。', fields: {}, values })
    const choose = own ?? (() => chosenKeyOf(form, usbKeyUrls, password))
    await choose()
      .then(key => act(key, form, choose))
      .catch(told)
    setBusy(false)
  }
  return { reply, isBusy, onSubmit }
}
