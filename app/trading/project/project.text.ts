/** Sectors (行业) by which supervision is divided; other codes are shown as they are. */
export const sectorText: Record<string, string> = {
  construction: '房屋建筑和市政',
  transport: '交通',
  water: '水利',
  energy: '能源',
  land: '土地整治和自然资源',
  information: '信息化',
  health: '医疗卫生',
  general: '其他',
}
