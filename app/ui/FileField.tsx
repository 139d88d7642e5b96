import { Field, type FieldProps } from './Field'

type FileFieldProps = FieldProps & { accept?: string; multiple?: boolean; onFiles?: (files: File[]) => void }

/** Files from this machine. The browser forgets them when a form comes back; the hint says so. */
export function FileField({ accept, multiple, onFiles, ...field }: FileFieldProps) {
  const lost = field.reply ? '文件不随页面保留，请重新选择。' : null
  const hint = field.hint || lost ? [field.hint, lost].filter(Boolean).join(' ') : undefined
  return (
    <Field {...field} hint={hint}>
      {control => (
        <input
          {...control}
          type="file"
          accept={accept}
          multiple={multiple}
          onChange={event => onFiles?.([...(event.currentTarget.files ?? [])])}
          className="file-input w-full"
        />
      )}
    </Field>
  )
}
