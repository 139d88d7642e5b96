/** The commitment letter (承诺书) a member gives on arrival (EX-13; 评标委员会和评标方法暂行规定 13–14). A changed text is a new edition. */
export const pledge = {
  edition: 'commitment-letter@2026.2',
  title: '评标委员会成员承诺书',
  lines: [
    '本人与本项目的投标人、招标人及其法定代表人没有应当回避的关系；查看投标人名单后发现有的，立即申报并退出。',
    '本人独立、客观、公正地评审，不受任何单位和个人影响，不私下接触投标人，不收受财物或者其他好处。',
    '本人不透露对投标文件的评审和比较、中标候选人的推荐情况以及与评标有关的其他情况。',
    '本人已上交通信工具，评标期间不与外界联系。',
  ],
} as const
