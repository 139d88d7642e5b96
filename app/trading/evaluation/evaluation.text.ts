/** A member's word on the report. */
export const answerText: Record<'sign' | 'dissent' | 'refuse', string> = {
  sign: '已签署',
  dissent: '不同意（已书面说明理由）',
  refuse: '拒绝签字（视为同意）',
}

export const groupText: Record<'technical' | 'business', string> = { technical: '技术', business: '商务' }

export const roleText = (role: string): string =>
  ({ price: '开标一览表', technical: '技术标', business: '商务标' })[role] ?? '附件'
