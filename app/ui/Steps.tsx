export type Step = { text: string; state: 'done' | 'current' | 'waiting' | 'failed'; note?: string }

const words: Record<Step['state'], string> = { done: '已完成', current: '进行中', waiting: '未开始', failed: '未通过' }
const marks: Record<Step['state'], string> = { done: '✓', current: '●', waiting: '○', failed: '✕' }
const colours: Record<Step['state'], string> = {
  done: 'border-success text-success',
  current: 'border-primary text-primary font-bold',
  waiting: 'border-[#6b747d] text-quiet',
  failed: 'border-error text-error font-bold',
}

/** Steps one after another, top to bottom, ticked as they are done. */
export function Steps({ steps, label }: { steps: Step[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {steps.map(step => (
        <li
          key={step.text}
          aria-current={step.state === 'current' ? 'step' : undefined}
          className="flex gap-4 border-b border-rule py-2"
        >
          <span className={`w-24 shrink-0 ${colours[step.state]}`}>
            <span aria-hidden="true">{marks[step.state]} </span>
            {words[step.state]}
          </span>
          <span>
            {step.text}
            {step.note ? <span className="block text-quiet">{step.note}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Where a project or a live room stands, left to right; on a phone only as many lines as there are phases. */
export function PhaseStrip({ phases, label = '阶段' }: { phases: Step[]; label?: string }) {
  return (
    <ol aria-label={label} className="flex flex-col gap-1 sm:flex-row">
      {phases.map(phase => (
        <li
          key={phase.text}
          aria-current={phase.state === 'current' ? 'step' : undefined}
          className={`flex flex-1 items-baseline gap-2 border-s-4 ps-2 sm:block sm:border-s-0 sm:border-t-4 sm:ps-0 sm:pt-1 ${colours[phase.state]}`}
        >
          <span className="block text-base-content">{phase.text}</span>
          <span className="block text-[0.9375rem]">{phase.note ?? words[phase.state]}</span>
        </li>
      ))}
    </ol>
  )
}
