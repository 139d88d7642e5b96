import type { FormReply } from '~/shared/form-reply'
import { Button, LinkButton, Submit } from './Button'
import { CheckField, RadioField, SelectField } from './ChoiceField'
import type { Explanation } from './Disclosure'
import { ErrorSummary } from './ErrorSummary'
import { FileField } from './FileField'
import { FilterBar, FilterDate, FilterSelect, SearchBox } from './FilterBar'
import { Actions, Section } from './layout'
import { MoneyField } from './MoneyField'
import { FieldGroup, PostButton, PostForm } from './PostForm'
import { TextArea, TextField } from './TextField'
import { DateField, TimeField } from './TimeField'

export const samplePeriod: Explanation = {
  rule: '自招标文件开始发出之日起至投标截止之日止，最短不得少于 20 日。',
  article: '《招标投标法》第二十四条',
  inputs: [
    { label: '开始发出', value: '2026年11月10日' },
    { label: '最早可截止', value: '2026年11月30日' },
  ],
  calendar: '国务院办公厅 2026 年放假安排',
  provisional: true,
}

const kinds = [
  { value: 'works', text: '工程建设' },
  { value: 'goods', text: '货物' },
  { value: 'services', text: '服务' },
]

const reply: FormReply = {
  problem: '请改正以下内容后再次提交，已填内容均已保留。',
  fields: { 'bad-title': '公告标题不能为空', 'bad-price': '最高投标限价应大于 0', 'bad-mode': '请选择释放方式' },
  values: { 'bad-title': '', 'bad-price': '12a' },
}

export function GalleryFields() {
  return (
    <>
      <Section title="查询条件">
        <FilterBar count={128}>
          <SearchBox label="搜索公告" hint="可填项目名称、编号或招标人" />
          <FilterSelect name="kind" label="交易类别" choices={kinds.map((k, i) => ({ ...k, count: 10 * (i + 1) }))} />
          <FilterDate name="from" label="发布日期起" />
        </FilterBar>
      </Section>
      <Section title="表单">
        <PostForm files draft="gallery">
          <Texts />
          <TimesAndAmounts />
          <Choices />
          <Buttons />
        </PostForm>
        <PostButton values={{ lot: '1' }}>标为已读</PostButton>
      </Section>
      <Section title="有错的表单">
        <ErrorSummary reply={reply} />
        <Mistakes />
      </Section>
    </>
  )
}

const Texts = () => (
  <FieldGroup title="公告内容">
    <TextField name="title" label="公告标题" hint="与招标项目名称一致" value="道路改造工程施工招标公告" maxLength={120} />
    <TextField name="region" label="行政区" proposals={['420100 武汉市', '420102 江岸区']} optional />
    <TextField name="password" label="密码" type="password" autoComplete="current-password" />
    <TextField name="number" label="标段编号" value="A4201000001000001001" readOnly />
    <TextArea name="body" label="公告正文" rows={3} value={'一、招标条件\n二、项目概况'} />
  </FieldGroup>
)

const TimesAndAmounts = () => (
  <FieldGroup title="时间与金额">
    <TimeField name="ends" label="投标截止时间" value="2026-12-01T09:30" explain={samplePeriod} />
    <DateField name="day" label="公告日期" value="2026-11-10" />
    <MoneyField name="price" label="最高投标限价" value="1300000.50" />
  </FieldGroup>
)

const modes = [
  { value: 'custody', text: '保管人共同释放', hint: '达到门限人数即可解密' },
  { value: 'both', text: '投标人或保管人释放' },
]

const Choices = () => (
  <FieldGroup title="选择">
    <SelectField name="kind" label="交易类别" choices={kinds} value="works" />
    <RadioField name="mode" label="密钥释放方式" value="both" choices={modes} />
    <CheckField name="confirmed" label="确认" choices={[{ value: 'yes', text: '我已核对以上内容' }]} />
    <FileField name="document" label="招标文件" hint="PDF，不超过 200 MB" accept="application/pdf" />
  </FieldGroup>
)

const Buttons = () => (
  <Actions>
    <Submit>发布招标公告</Submit>
    <Button>预览公告</Button>
    <Button disabled>尚不可用</Button>
    <LinkButton to="#cancel">返回列表</LinkButton>
    <Submit look="danger">终止招标</Submit>
  </Actions>
)

const Mistakes = () => (
  <PostForm>
    <TextField name="bad-title" label="公告标题" reply={reply} />
    <MoneyField name="bad-price" label="最高投标限价" reply={reply} />
    <RadioField name="bad-mode" label="密钥释放方式" reply={reply} choices={modes} />
    <FileField name="bad-file" label="附件" reply={reply} />
  </PostForm>
)
