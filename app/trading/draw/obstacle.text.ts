// Why no panel exists and what alone would make one possible: the words of crypto/draw-feasible.ts.

type Relaxed = { relax: string; seat?: string; to?: number | string[] }
type Obstacle = {
  short?: number
  seats?: { seat: string; need: number; fitting: number }[]
  relax?: Relaxed[]
  attempts?: number
}

const relaxText: Record<string, (one: Relaxed) => string> = {
  'employer-limit': one => `同一单位专家人数上限放宽到 ${one.to} 人`,
  region: one => `席位“${one.seat}”不限地区`,
  specialty: one => `席位“${one.seat}”专业放宽到 ${Array.isArray(one.to) ? one.to.join('、') : ''}`,
  count: one => `席位“${one.seat}”减为 ${one.to} 人`,
}

/** Sentences for the agency: what is short, and each single change that would do. */
export function obstacleLines(value: unknown): string[] {
  const obstacle = (value ?? {}) as Obstacle
  if (obstacle.attempts) return [`连续 ${obstacle.attempts} 轮排序均无法同时满足席位和回避要求，须由两人作废后调整条件重新申请。`]
  const short = (obstacle.seats ?? [])
    .filter(seat => seat.fitting < seat.need)
    .map(seat => `席位“${seat.seat}”需要 ${seat.need} 人，符合条件的只有 ${seat.fitting} 人。`)
  const ways = (obstacle.relax ?? []).map(one => relaxText[one.relax]?.(one) ?? one.relax)
  const advice = ways.length > 0 ? `以下任一调整即可组成：${ways.join('；')}。` : '任何单项调整都不够，须同时放宽多项条件。'
  return [`缺 ${obstacle.short ?? 0} 个席位。`, ...short, advice]
}
