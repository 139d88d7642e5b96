import type { FormReply } from '~/shared/form-reply'
import { SelectField } from '~/ui/ChoiceField'
import { FieldGroup } from '~/ui/PostForm'
import { groupText } from './lot.text'

type CustodianFieldsProps = {
  keepers: { id: string; name: string }[]
  named: { organisationId: string; interestGroup: string }[]
  reply: FormReply | undefined
}

const rows = [0, 1, 2, 3, 4]
const usual = ['tenderer-side', 'supervisor', 'third', 'fourth-party', 'fourth-party']
const groups = Object.entries(groupText).map(([value, text]) => ({ value, text }))

/** Up to five custodians in header order, each with the interest it stands for; unused rows stay empty. */
export function CustodianFields({ keepers, named, reply }: CustodianFieldsProps) {
  const choices = keepers.map(k => ({ value: k.id, text: k.name }))
  return rows.map(row => (
    <FieldGroup key={row} title={`第 ${row + 1} 个保管人`}>
      <SelectField
        name={`custodian${row}`}
        label="机构"
        choices={choices}
        value={named[row]?.organisationId}
        optional={row > 2}
        reply={reply}
      />
      <SelectField
        name={`group${row}`}
        label="利益方"
        choices={groups}
        value={named[row]?.interestGroup ?? usual[row]}
        optional={row > 2}
        reply={reply}
      />
    </FieldGroup>
  ))
}
