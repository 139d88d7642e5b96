export const alarmKinds = ['clock-behind', 'uploads-full', 'trust-file', 'crl-stale'] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** What is wrong, and what the operator does about it. */
export const alarmText: Record<AlarmKind, (facts: Record<string, string>) => string> = {
  'clock-behind': ({ seenAt }) =>
    `数据库时钟落后于其曾显示的时刻 ${seenAt ?? ''}：到期标段暂停截止，投标文件暂停接收。请校准数据库服务器时间；时钟恢复后自动继续。`,
  'uploads-full': ({ freeMiB }) =>
    `投标文件存储空间仅余 ${freeMiB ?? '0'} MiB：放不下的上传会被拒收（507）。请扩大磁盘；投标人可从原处续传。`,
  'trust-file': ({ files }) => `信任目录中有文件不能采用：${files ?? ''}。请更换或移走这些文件；其余文件照常有效。`,
  'crl-stale': ({ issuers }) =>
    `证书吊销列表缺失或已过有效期：${issuers ?? ''}。宽限期内签名照收并记明依据已过期，宽限期后或缺失时拒收。请导入签发机构的最新吊销列表。`,
}
