import type { FormReply } from '~/shared/form-reply'
import { RadioField } from '~/ui/ChoiceField'
import { Section } from '~/ui/layout'
import { TextField } from '~/ui/TextField'
import type { Scoring } from '../lot/scoring'
import { groupText } from './evaluation.text'

type Props = {
  scoring: Scoring
  compliance: { item: string; pass: boolean; reason: string }[]
  scores: { item: string; score: string }[]
  reply: FormReply | null | undefined
}

const choices = [
  { value: 'pass', text: '通过' },
  { value: 'fail', text: '不通过' },
]

/** One bid's sheet: findings with their reason, then points within each item's range. */
export function SheetFields({ scoring, compliance, scores, reply }: Props) {
  return (
    <>
      <Section title="初步评审">
        {scoring.compliance.map(({ code, text }) => {
          const found = compliance.find(mark => mark.item === code)
          return (
            <div key={code}>
              <RadioField
                name={`pass.${code}`}
                label={text}
                choices={choices}
                reply={reply}
                {...(found ? { value: found.pass ? 'pass' : 'fail' } : {})}
              />
              <TextField name={`reason.${code}`} label="不通过的依据和页码" value={found?.reason ?? ''} reply={reply} optional />
            </div>
          )
        })}
      </Section>
      <Section title="详细评审">
        {scoring.items.map(({ code, name, max, group }) => (
          <TextField
            key={code}
            name={`score.${code}`}
            label={`${groupText[group]}：${name}`}
            hint={`0 至 ${max} 分，最多两位小数`}
            inputMode="decimal"
            value={scores.find(mark => mark.item === code)?.score ?? ''}
            reply={reply}
            optional
          />
        ))}
      </Section>
    </>
  )
}
