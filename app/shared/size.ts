const units = ['B', 'KiB', 'MiB', 'GiB'] as const

/** 1,536 → 1.5 KiB: at most one decimal, binary units. */
export function formatSize(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1).replace(/\.0$/, '')} ${units[unit]}`
}
