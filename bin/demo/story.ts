import { codeOf, isProblem } from '../client/api'

export interface Refused {
  who: string
  what: string
  code: string
}

export interface Output {
  kind: string
  lot: string
  path: string
  sha256: string
  verified: boolean
  verdict: string
}

/** What the demo tells while it runs and at its end. */
export interface Story {
  startedAt: number
  say(text: string): void
  steps: { step: string; seconds: number }[]
  refusals: Refused[]
  outputs: Output[]
  facts: Record<string, unknown>
}

const seconds = (ms: number) => Number((ms / 1000).toFixed(2))

export function newStory(isQuiet: boolean): Story {
  const startedAt = Date.now()
  const say = (text: string) => {
    const line = `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`
    if (isQuiet) console.error(line)
    else console.log(line)
  }
  return { startedAt, say, steps: [], refusals: [], outputs: [], facts: {} }
}

/** Runs one step, says its name before and remembers how long it took. */
export async function step<T>(story: Story, name: string, run: () => Promise<T>): Promise<T> {
  story.say(`▍${name}`)
  const start = Date.now()
  const result = await run()
  story.steps.push({ step: name, seconds: seconds(Date.now() - start) })
  return result
}

/** Does what the platform must refuse; the refusal is part of the story, its absence ends it. */
export async function refused(story: Story, who: string, what: string, run: () => Promise<unknown>): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (!isProblem(error) || error.status >= 500) throw error
    story.refusals.push({ who, what, code: codeOf(error) })
    story.say(`  ${who}：${what} → 拒收 ${codeOf(error)}`)
    return codeOf(error)
  }
  throw new Error(`${who}: ${what} was not refused`)
}
