import type { FormReply } from '~/shared/form-reply'
import { FileField } from '~/ui/FileField'

type Material = { code: string; name: string; isRequired: boolean; form: string; standard: string }

/** One file field per material of the guide; nothing else may be asked for. */
export function MaterialFields({
  materials,
  allOptional = false,
  reply,
}: {
  materials: Material[]
  allOptional?: boolean
  reply?: FormReply
}) {
  return materials.map(material => (
    <FileField
      key={material.code}
      name={`material-${material.code}`}
      label={material.name}
      hint={`${material.form}，不超过 10 MB。受理标准：${material.standard}`}
      accept="application/pdf,image/png,image/jpeg"
      optional={allOptional || !material.isRequired}
      reply={reply}
    />
  ))
}
