import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { lotStates } from '@/db/schema/trading/project'
import { paths } from '~/http/paths'
import { tasksOf } from '~/trading/lot/tasks'

const routes = readdirSync(resolve(import.meta.dirname, '../../../app/routes'))

/** The route file behind a path of a lot's page. */
const fileOf = (path: string) => path.slice(1).replaceAll('/', '.').replace('ID', '$lotId')

test('every task of the agency leads to a page that exists', () => {
  const tasks = new Set(lotStates.flatMap(state => tasksOf(state).map(({ task }) => task)))
  expect(tasks.size).toBeGreaterThan(10)
  for (const task of tasks) {
    const file = fileOf(paths.agencyLotTask('ID', task))
    expect(routes.filter(route => route === `${file}.tsx` || route === `_public.${file}.tsx`)).toHaveLength(1)
  }
})
