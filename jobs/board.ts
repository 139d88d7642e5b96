import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { RequestHandler } from 'express'
import { openQueue, type QueueHome } from './queue'

/**
 * The queue as the operator sees it, to look at and not to touch: names, numbers of promises, kinds of failures. What is to be
 * done again is asked for in the list of dead letters, where it is an act in the log. Who may look is the caller's question.
 */
export function openBoard(home: QueueHome, path: string, onError: (error: Error) => void) {
  const { queue, close } = openQueue(home, onError)
  const serverAdapter = new ExpressAdapter()
  serverAdapter.setBasePath(path)
  const options = { readOnlyMode: true, allowRetries: false, description: '只读' }
  createBullBoard({
    queues: [new BullMQAdapter(queue, options)],
    serverAdapter,
    options: { uiConfig: { boardTitle: '任务队列', hideRedisDetails: true } },
  })
  return { router: serverAdapter.getRouter() as RequestHandler, close }
}
