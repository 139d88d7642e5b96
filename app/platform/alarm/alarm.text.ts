export const alarmKinds = ['clock-behind', 'uploads-full'] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** What is wrong, and what the operator does about it. */
export const alarmText: Record<AlarmKind, (facts: Record<string, string>) => string> = {
  'clock-behind': ({ seenAt }) =>
    `数据库时钟落后于其曾显示的时刻 ${seenAt ?? ''}：到期标段暂停截止，投标文件暂停接收。请校准数据库服务器时间；时钟恢复后自动继续。`,
  'uploads-full': ({ freeMiB }) =>
    `投标文件存储空间仅余 ${freeMiB ?? '0'} MiB：放不下的上传会被拒收（507）。请扩大磁盘；投标人可从原处续传。`,
}
