/** What the files of a bid are called. */
export const roleTexts: Record<string, string> = { price: '开标一览表', technical: '技术标', business: '商务标' }

export const roleTextOf = (role: string): string => roleTexts[role] ?? `附件 ${role.replace('attachment', '')}`

/** Files a bidder chooses on the form, besides the 开标一览表 that the form itself makes. */
export const chosenRoles = [
  { role: 'technical', label: '技术标（PDF）', accept: '.pdf,application/pdf', isRequired: true },
  { role: 'business', label: '商务标（PDF，可不选）', accept: '.pdf,application/pdf', isRequired: false },
  { role: 'attachment1', label: '附件一（如分项报价表，可不选）', accept: '.pdf,.xlsx,.xls,.zip,.jpg,.png', isRequired: false },
  { role: 'attachment2', label: '附件二（可不选）', accept: '.pdf,.xlsx,.xls,.zip,.jpg,.png', isRequired: false },
] as const
