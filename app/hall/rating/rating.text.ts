/** 满意度; GB/T 39046—2020 numbers them the other way round (1 is best). */
export const starsText: Record<string, string> = {
  '5': '非常满意',
  '4': '满意',
  '3': '基本满意',
  '2': '不满意',
  '1': '非常不满意',
}
