import { Field, type FieldProps } from './Field'

type FileFieldProps = FieldProps & { accept?: string; multiple?: boolean; onFiles?: (files: File[]) => void }

function hintOf({ hint, reply }: Pick<FieldProps, 'hint' | 'reply'>) {
  if (!reply) return hint
  return hint ? <>{hint}（文件不随页面保留，请重新选择）</> : '文件不随页面保留，请重新选择。'
}

/** Files from this machine. The browser forgets them when a form comes back; the hint says so. */
export function FileField({ accept, multiple, onFiles, ...field }: FileFieldProps) {
  return (
    <Field {...field} hint={hintOf(field)}>
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
