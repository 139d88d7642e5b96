import type { LotState } from '@/db/schema/trading/project'

/** One act of the agency on a lot: the last part of its page's address and the verb people read. */
export type LotTask = { task: string; text: string; isMain?: boolean }

const documents: LotTask = { task: 'documents', text: '上传招标文件' }
const draw: LotTask = { task: 'draw', text: '抽取评标专家' }
const termination: LotTask = { task: 'termination', text: '终止标段' }
const opening: LotTask = { task: 'opening', text: '进入开标大厅', isMain: true }
const marks: LotTask = { task: 'marks', text: '评价评标专家' }
const archive: LotTask = { task: 'archive', text: '归档', isMain: true }

const tasks: Record<LotState, LotTask[]> = {
  draft: [{ task: 'custodians', text: '指定保管人', isMain: true }, documents, termination],
  keying: [
    { task: 'policy', text: '签署密封策略', isMain: true },
    { task: 'custodians', text: '更换保管人' },
    documents,
    termination,
  ],
  ready: [{ task: 'notice', text: '发布招标公告', isMain: true }, documents, termination],
  bidding: [{ task: 'correction', text: '发布变更公告' }, { ...documents, text: '上传澄清文件' }, draw, termination],
  closed: [opening, draw],
  opening: [opening, draw],
  opened: [
    { ...draw, isMain: true },
    { ...opening, isMain: false },
  ],
  evaluating: [
    { task: 'evaluation', text: '查看评标进度', isMain: true },
    { ...opening, isMain: false },
  ],
  evaluated: [
    { task: 'award', text: '公示中标候选人', isMain: true },
    { task: 'evaluation', text: '查看评标报告' },
  ],
  publicity: [{ task: 'award', text: '定标', isMain: true }, marks],
  awarded: [archive, marks],
  failed: [archive],
  terminated: [archive],
  archived: [{ ...archive, text: '下载档案' }, marks],
}

/** What the agency may do with a lot now; the first main one is what it should do next. */
export const tasksOf = (state: LotState): LotTask[] => tasks[state]
