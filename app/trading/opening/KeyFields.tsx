import { FileField } from '~/ui/FileField'
import { TextField } from '~/ui/TextField'

/** The key file and its password; neither leaves the browser. */
export function KeyFields({ hint, onFiles }: { hint: string; onFiles: (files: File[]) => void }) {
  return (
    <>
      <FileField name="keyFile" label="证书文件" hint={hint} accept=".p12,.pfx" onFiles={onFiles} />
      <TextField name="filePassword" label="证书文件密码" type="password" autoComplete="off" />
    </>
  )
}
