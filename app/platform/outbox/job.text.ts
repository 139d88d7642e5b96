/** What each job is called to the operator; a job without a word here is shown by its code. */
export const jobText: Partial<Record<string, string>> = {
  'platform.notification.send': '发送通知',
  'trading.lot.unpack': '备齐投标文件',
  'trading.notice.paper': '生成公告文书',
  'trading.lot.destroy-sealed': '销毁密文',
}
