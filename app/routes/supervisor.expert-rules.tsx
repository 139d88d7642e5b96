import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { clearanceActText, ruleKindText } from '~/trading/expert/expert.text'
import { ruleForm } from '~/trading/expert/rule.form.server'
import { addRule, listRules } from '~/trading/expert/rule.server'
import { Submit } from '~/ui/Button'
import { CheckField, SelectField } from '~/ui/ChoiceField'
import { DataTable } from '~/ui/DataTable'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { DateField } from '~/ui/TimeField'

export const meta: MetaFunction = () => [{ title: '专家库规则 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'expert.manage', async ctx => ({ rules: await listRules(ctx) }))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'expert.manage', ruleForm, async (ctx, _params, input) => {
    await addRule(ctx, input)
    return redirect(paths.expertRules)
  })

const choicesOf = (texts: Record<string, string>) => Object.entries(texts).map(([value, text]) => ({ value, text }))

type Rule = Awaited<ReturnType<typeof listRules>>[number]
const effect = ({ kind, value, windowMonths, act, actMonths, isOff }: Omit<Rule, 'createdAt'>): string => {
  if (isOff) return '停用'
  if (kind === 'mark') return `记 ${value} 分`
  if (kind === 'training') return `每年 ${value} 学时`
  if (kind === 'cap') return `每月 ${value} 次`
  if (kind === 'age') return `${value} 周岁`
  if (kind === 'statement') return `${value} 日`
  if (kind === 'import') return String(value)
  return `${windowMonths} 个月内满 ${value} 分：${act ? clearanceActText[act] : ''}${actMonths ? ` ${actMonths} 个月` : ''}`
}

export default function ExpertRules() {
  const { rules } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="专家库规则" meta="考核、清退、培训和上限由各省自定；规则只增不改，新版本自生效日起代替旧版本。">
      <ErrorSummary reply={reply} />
      <DataTable
        caption="全部版本"
        rows={rules}
        rowKey={row => row.id}
        columns={[
          { head: '规则', cell: row => row.name, rowHead: true },
          { head: '类别', cell: row => ruleKindText[row.kind] },
          { head: '内容', cell: row => effect(row) },
          { head: '版本', cell: row => `${row.code} 第 ${row.version} 版` },
          { head: '生效日', cell: row => row.effectiveOn },
          { head: '依据', cell: row => row.source },
        ]}
      />
      <Section title="新增规则或版本">
        <PostForm>
          <SelectField name="kind" label="类别" choices={choicesOf(ruleKindText)} reply={reply} />
          <TextField name="code" label="代码" hint="与已有代码相同即为新版本，例如 late。" reply={reply} />
          <TextField name="name" label="名称" reply={reply} />
          <TextField
            name="value"
            label="数值"
            hint="记分、累计分、学时、次数、周岁、日、万行、MB 或份"
            inputMode="numeric"
            reply={reply}
          />
          <TextField
            name="windowMonths"
            label="累计期间"
            unit="月"
            hint="只用于清退规则"
            inputMode="numeric"
            reply={reply}
            optional
          />
          <SelectField name="act" label="处理" choices={choicesOf(clearanceActText)} reply={reply} optional />
          <TextField name="actMonths" label="处理期限" unit="月" inputMode="numeric" reply={reply} optional />
          <TextField name="source" label="依据文件" reply={reply} />
          <DateField name="effectiveOn" label="生效日" reply={reply} />
          <CheckField
            name="isOff"
            label="停用"
            choices={[{ value: 'yes', text: '自生效日起停用该代码' }]}
            reply={reply}
            optional
          />
          <Actions pinned>
            <Submit>新增</Submit>
          </Actions>
        </PostForm>
      </Section>
    </Page>
  )
}
