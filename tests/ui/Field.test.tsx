import { expect, test } from 'vitest'
import type { FormReply } from '~/shared/form-reply'
import { CheckField, RadioField, SelectField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { MoneyField } from '~/ui/MoneyField'
import { TextArea, TextField } from '~/ui/TextField'
import { DateField, TimeField } from '~/ui/TimeField'
import { html } from './render'

const reply: FormReply = {
  problem: '请改正以下内容',
  fields: { title: '标题不能为空' },
  values: { title: '写过的', price: '12.5', kind: 'goods' },
}

test('a field ties its label, hint and error to its control', async () => {
  const out = await html(<TextField name="title" label="标题" hint="与项目一致" reply={reply} />)
  expect(out).toContain('<label for="f-title"')
  expect(out).toMatch(/aria-describedby="h-title e-title"/)
  expect(out).toContain('id="h-title"')
  expect(out).toContain('id="e-title"')
  expect(out).toContain('aria-invalid="true"')
})

test('a field without an error is not marked wrong', async () => {
  const out = await html(<TextField name="other" label="其他" reply={reply} />)
  expect(out).not.toContain('aria-invalid')
  expect(out).not.toContain('aria-describedby')
})

test('what was typed comes back instead of what is stored', async () => {
  expect(await html(<TextField name="title" label="标题" value="旧的" reply={reply} />)).toContain('value="写过的"')
  expect(await html(<TextArea name="title" label="标题" value="旧的" reply={reply} />)).toContain('写过的</textarea>')
  expect(await html(<SelectField name="kind" label="类别" value="works" reply={reply} choices={kinds} />)).toMatch(
    /value="goods" selected/,
  )
  expect(await html(<RadioField name="kind" label="类别" value="works" reply={reply} choices={kinds} />)).toMatch(
    /checked=""[^>]*value="goods"/,
  )
})

test('a password is never written into the page', async () => {
  const typed: FormReply = { problem: '密码不对', fields: {}, values: { password: 'secret-1' } }
  expect(await html(<TextField name="password" label="密码" type="password" value="secret-2" reply={typed} />)).not.toContain(
    'secret',
  )
})

test('an amount stands in words below the field', async () => {
  expect(await html(<MoneyField name="price" label="限价" reply={reply} />)).toContain('大写：壹拾贰元伍角整')
  expect(await html(<MoneyField name="p" label="限价" value="12.345" />)).toContain('不是金额')
})

test('the unit stands inside the label', async () => {
  expect(await html(<MoneyField name="p" label="限价" />)).toMatch(/限价<span[^>]*>（元）/)
  expect(await html(<TimeField name="t" label="截止" />)).toMatch(/截止<span[^>]*>（北京时间）/)
})

test('a time limit explains itself, and says when it is provisional', async () => {
  const explain = {
    rule: '不得少于 20 日',
    article: '《招标投标法》第二十四条',
    inputs: [{ label: '发出', value: '2026年11月10日' }],
    provisional: true,
  }
  const out = await html(<DateField name="d" label="截止" explain={explain} />)
  expect(out).toContain('为何是这一天')
  expect(out).toContain('《招标投标法》第二十四条')
  expect(out).toContain('暂定')
})

test('the error summary leads to each field and is announced', async () => {
  const out = await html(<ErrorSummary reply={reply} />)
  expect(out).toContain('role="alert"')
  expect(out).toContain('href="#f-title"')
  expect(out).toContain('标题不能为空')
  expect(await html(<ErrorSummary reply={undefined} />)).toBe('')
})

test('the first option of a group has the id the error summary leads to', async () => {
  expect(await html(<RadioField name="kind" label="类别" choices={kinds} />)).toContain('id="f-kind"')
  expect(await html(<CheckField name="ok" label="确认" choices={[{ value: 'yes', text: '同意' }]} />)).toContain('id="f-ok"')
})

test('several ticks come back as they were', async () => {
  const ticked: FormReply = { problem: '请改正', fields: {}, values: { kind: 'works\ngoods' } }
  const out = await html(<CheckField name="kind" label="类别" reply={ticked} choices={kinds} />)
  expect(out.match(/checked=""/g)).toHaveLength(2)
})

test('a file field says that files must be chosen again', async () => {
  expect(await html(<FileField name="file" label="附件" hint="PDF" reply={reply} />)).toContain('请重新选择')
  expect(await html(<FileField name="file" label="附件" hint="PDF" />)).not.toContain('请重新选择')
})

const kinds = [
  { value: 'works', text: '工程' },
  { value: 'goods', text: '货物' },
]
