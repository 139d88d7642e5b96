/** What a refusal tells about the case at hand: already formatted for people. */
export type RefusalFacts = Record<string, string>

// Each sentence says what was refused, why (条款), and what can be done. One code per line; a code without a sentence does not compile.
export const refusalText = {
  // Any act
  'wrong-state': f => `未办理：当前状态“${f.state}”不允许“${f.event}”。请刷新页面，查看现在可以办理的事项。`,
  'not-allowed': () => '未办理：您在本机构的角色没有此项权限。请由有权限的人员办理，或向本机构管理员申请。',
  'not-found': () => '没有找到所请求的内容：可能编号有误，或者不在您的权限范围内。请核对地址或从列表重新进入。',
  'not-signed-in': () => '请先登录再办理。登录后回到本页，已填写的内容不会丢失。',
  'bad-input': f => `未接收：填写内容不符合要求（${f.reason}）。请改正后重新提交。`,
  'changed-meanwhile': () => '未保存：在您办理期间，他人已经修改了同一内容。请刷新页面，核对后再提交。',
  'already-done': f => `未重复办理：${f.what}已于 ${f.at} 办结，无需再次提交。`,
  'csrf-failed': () => '未接收：页面的安全校验已失效。请刷新页面后重新提交，已填写的内容会保留。',
  'idempotency-key-reused': () => '未接收：同一个 Idempotency-Key 已用于内容不同的请求。请更换新的键值后重试。',
  'too-many': f => `操作过于频繁，请在 ${f.retryAfter} 后再试。`,
  'two-person-rule': () => '未办理：此项操作须由两人分别确认，同一人不能确认两次。请由另一名有权限的人员确认。',

  // Sign-in, certificates
  'bad-credentials': () => '未登录：账号或密码不正确。请核对后重试，连续错误将暂时锁定账号。',
  'locked-out': f => `未登录：连续输错密码，账号已锁定至 ${f.until}。届时可重试，或改用数字证书登录。`,
  'token-invalid': () => '未接受：访问令牌无效、已过期或已撤销。请在“接口令牌”页重新签发。',
  'challenge-expired': () => '未登录：签名挑战已过期或已使用。请刷新登录页，重新签名。',
  'bad-signature': f =>
    `未接收：电子签名未通过核验（${f.reason}），内容可能被改动或签名证书不符（《电子签名法》第十三条）。请重新签名后提交。`,
  'cert-expired': f => `未接受：数字证书已于 ${f.notAfter} 到期（《电子签名法》第二十一条）。请更新证书后重试。`,
  'cert-not-yet-valid': f => `未接受：数字证书自 ${f.notBefore} 起生效，尚不能使用。请改用有效证书。`,
  'cert-revoked': f => `未接受：数字证书已于 ${f.revokedAt} 吊销。请更换证书后重试。`,
  'cert-status-unknown': f =>
    f.nextUpdate
      ? `未接受：签发机构“${f.issuer}”的证书吊销列表已于 ${f.nextUpdate} 过期且超出宽限，无法确认证书未被吊销。平台运维已收到告警，请稍后重试。`
      : `未接受：平台没有签发机构“${f.issuer}”的证书吊销列表，无法确认证书未被吊销。平台运维已收到告警，请稍后重试。`,
  'crl-malformed': f => `未导入：文件不是可用的证书吊销列表（${f.reason}）。请向签发机构取得完整的 X.509 CRL（DER 或 PEM）。`,
  'crl-issuer-unknown': f => `未导入：吊销列表的签发者“${f.issuer}”不是本平台认可的机构。请先将该机构的证书放入信任目录。`,
  'crl-forged': f =>
    `未导入：吊销列表自称由“${f.issuer}”签发，但签名不符或该机构证书无权签发吊销列表（cRLSign）。请从签发机构重新下载。`,
  'crl-not-yet-valid': f => `未导入：吊销列表自 ${f.thisUpdate} 起生效，晚于数据库时钟。请核对文件，或待生效后再导入。`,
  'crl-older': f => `未导入：吊销列表 ${f.number} 不比现行的 ${f.current} 新。请导入签发机构最新的吊销列表。`,
  'cert-untrusted': () => '未接受：数字证书不是本平台认可的电子认证服务机构签发的。请使用认可机构签发的证书。',
  'cert-not-bound': () => '未接受：该数字证书没有绑定到您的机构。请先由机构管理员登记证书。',
  'cert-wrong-usage': f => `未接受：数字证书的用途不包含“${f.usage}”。请改用对应用途的证书。`,
  'cert-subject-differs': f => `未登记：数字证书的主体中没有本机构的统一社会信用代码 ${f.code}。请使用以本机构名义签发的证书。`,
  'archive-not-ready': () => '归档包尚未生成：须待见证方联署日志后打包，一般不超过两分钟。请稍后再试。',
  'cert-already-bound': () => '未登记：该数字证书已绑定到其他机构。请核对证书，或联系签发机构。',

  // Organisations
  'credit-code-invalid': f => `未登记：统一社会信用代码“${f.code}”校验不通过（GB 32100—2015）。请对照营业执照核对 18 位代码。`,
  'organisation-exists': f => `未登记：统一社会信用代码 ${f.code} 已注册。请由该机构管理员添加您为成员。`,
  'account-exists': f => `未登记：登录名“${f.login}”已被使用。请更换登录名。`,
  'role-not-offered': f => `未登记：角色“${f.role}”不能由机构自行登记或授予。请联系平台核验后开通。`,
  'last-admin': () => '未办理：机构至少保留一名管理员。请先指定另一名管理员。',
  'witness-key-fixed': () => '未登记：本机构已登记另一把见证公钥，不能直接替换。请由平台与见证方共同办理更换并公告。',

  // Project, lot, document, notice
  'dates-against-law': f => `未发布：${f.violations}`,
  'rule-edition-unknown': f => `未保存：没有名为“${f.edition}”的规则版本。请从列表选择交易类别和采购方式。`,
  'document-missing': () => '未发布：标段还没有招标文件。请先上传招标文件并定稿，再发布公告。',
  'document-fixed': () =>
    '未修改：招标文件已随公告发布，不能直接改动。如需修改，请发布澄清或修改公告（《招标投标法》第二十三条）。',
  'notice-fixed': () => '未修改：公告已发布，不能直接改动。请发布变更公告，系统会保留各个版本。',
  'correction-too-late': f =>
    `未发布：投标截止时间 ${f.endedAt} 已过，不能再变更。如确需停止，请终止本标段（《招标投标法实施条例》第三十一条）。`,
  'edition-not-offered': f =>
    `未保存：规则版本“${f.edition}”不能用于本项目（${f.reason}）。请从列表选择交易类别、采购方式和规则版本。`,
  'region-unknown': f => `未保存：没有行政区划代码“${f.code}”（GB/T 2260）。请从列表选择。`,
  'scoring-against-law': f => `未保存：${f.reason}（${f.article}）。请修改评标办法。`,
  'custodians-unsafe': f => `未保存：${f.reason}。请调整保管人或门限，使任何一方既不能单独打开投标文件，也不能单独阻止打开。`,
  'custodian-unknown': f => `未保存：机构“${f.organisation}”没有保管人角色。请先为其登记保管人成员。`,
  'policy-signed': () => '未修改：本标段的密封策略已签署，保管人不能再更换。如需更换，请终止本标段后重新招标。',
  'ceiling-exceeded': f =>
    `未接收：报价 ${f.price} 元高于最高投标限价 ${f.ceiling} 元（《招标投标法实施条例》第二十七条、第五十一条）。请核对报价后重新递交。`,

  // Bids: the commit, its refusals (条例 36: time and sealing state are recorded)
  'bidding-closed': f =>
    `未接收：投标截止时间为 ${f.endedAt}，您的确认于 ${f.at} 到达（《电子招标投标办法》第二十七条）。截止后不能补交，已记录本次拒收。`,
  'bidding-not-open': f => `未接收：本标段尚未开始接收投标（当前状态“${f.state}”）。请在公告规定的时间内递交。`,
  'statement-malformed': f =>
    `未接收：递交的内容不符合格式，无法识别（${f.reason}）。请用投标页面或离线工具重新生成并签署递交声明，在截止时间前再次递交；已记录本次拒收。`,
  'upload-unknown': f => `未接收：没有找到本单位为文件“${f.file}”所作的上传。请重新上传该文件，完成后在截止时间前确认递交。`,
  'not-encrypted': () =>
    '未接收：投标文件未按要求加密（《电子招标投标办法》第二十六条）。请用投标页面密封后，在截止时间前重新递交。',
  'wrong-lot': f => `未接收：该密封文件是为标段 ${f.sealedFor} 制作的，不是本标段。请为本标段重新密封后递交。`,
  replayed: () => '未接收：这份递交声明以前已经提交过，或不是接在您上一份声明之后。请刷新页面，按最新状态重新签署。',
  'policy-mismatch': () => '未接收：密封时使用的密钥策略不是本标段的现行策略。请刷新页面，用现行策略重新密封。',
  'upload-incomplete': f =>
    `未接收：文件“${f.file}”尚未传完（已收 ${f.received} / ${f.size} 字节）。请续传完成后再确认递交（《电子招标投标办法》第二十七条）。`,
  'upload-unfinished': () =>
    '未送达：投标截止时间前未完成投标文件传输，视为撤回投标文件（《电子招标投标办法》第二十七条）。截止后不能补交；此前已取得回执的递交不受影响。',
  'not-prequalified': () =>
    '未接收：本标段只接收通过资格预审的申请人投标（《招标投标法实施条例》第十九条），贵单位不在通过名单内。如有异议，请向招标人提出。',
  'prequalification-late': () => '未办理：资格预审结果应在招标公告发布前确定。本标段已开始投标，不能再限定投标人。',
  'organisation-unknown': f => `未办理：统一社会信用代码 ${f.code} 没有在平台注册。请核对代码，或请该单位先注册。`,
  debarred: f =>
    `未接收：贵单位在 ${f.endsOn} 前被限制参加投标（${f.source}）。如认为有误，请向作出决定的机关申请更正或修复信用。`,
  'clock-unsound': () =>
    '未接收：平台时钟发生故障，暂不能判定递交时间，已通知运维人员和监督部门。请稍后重试；因平台故障影响投标的，招标人应依法延长截止时间。',
  'storage-full': () =>
    '未接收：平台存储空间暂时不足，已通知运维人员。已传部分会保留，请稍后从原处续传，并在截止时间前确认递交。',
  'file-empty': f => `未接收：文件“${f.file}”为 0 字节。请检查后重新选择文件。`,
  'file-too-big': f => `未接收：文件“${f.file}”超过上限 ${f.limit}。请压缩或拆分后重新上传。`,
  'file-type-refused': f => `未接收：文件“${f.file}”的类型与要求不符（允许 ${f.allowed}）。请转换格式后重新上传。`,
  'file-damaged': f => `未接收：文件“${f.file}”内容不完整或已损坏。请重新上传。`,
  'amount-words-differ': f => `未接收：报价大写“${f.words}”与小写 ${f.figures} 不一致。请改正后重新递交。`,
  'seal-differs': f => `未接收：密封文件与递交声明不一致（${f.reason}）。请用投标页面重新密封后，在截止时间前递交。`,
  'already-current': () => '无需确认：您的投标文件是在现行文件下递交的，仍然有效。',
  'notice-not-latest': () => '未接收：确认书所指的不是最近一次变更公告。请刷新页面，核对最新公告后重新确认。',
  'lot-key-missing': f => `未办理：还有 ${f.missing} 名保管人没有登记本标段密钥。请待其登记后再签署密封策略。`,
  'lot-key-wrong': f => `未登记：本标段密钥不符合要求（${f.reason}）。请用保管人页面重新生成。`,
  'policy-differs': () => '未接收：所签署的密封策略与平台按各保管人密钥生成的不同。请刷新页面，核对后重新签署。',
  'no-bid': () => '未办理：本机构在本标段没有有效的投标文件。请核对标段。',

  // Opening
  'too-few-bids': f => `不予开标：截止时投标人为 ${f.count} 个，少于三个（${f.article}）。${f.todo}`,
  'opening-not-due': f => `未办理：开标时间为 ${f.at}，时间未到。届时由系统按时钟开标，无需人工操作。`,
  'release-window-closed': f =>
    `未接收：密钥释放时间已于 ${f.endedAt} 结束。未解密的投标视为撤销其投标文件（《电子招标投标办法》第三十一条）。`,
  'wrong-stage': () => '未接收：本标段按双信封开标，现在不是这一信封的开启时间。此次请求已记录。请在该信封开启后释放密钥。',
  'envelope-not-reviewed': () => '未办理：评标委员会尚未完成第一信封评审，或没有投标通过评审，不能开启第二信封。',
  'release-not-open': () => '未接收：截标登记尚未取得监督方见证签名，暂不能释放密钥。请稍后重试，页面会自动提示。',
  'answers-closed': f => `未接收：现在是“${f.phase}”阶段，不能对开标记录表态。`,
  'record-differs': () => '未接收：您签署的不是本次开标记录。请刷新页面，核对最新记录后重新签署。',
  'key-does-not-fit': () => '未接收：提交的密钥与递交声明中的承诺不符。请核对密钥文件后重新释放。',
  'record-moved': f =>
    `未接收：在您签名期间，另一方已先签署（记录现有 ${f.signatures} 个签名）。页面会取得新的待签内容，请再签一次。`,
  'not-a-signer': () => '未办理：本机构不是本次开标记录的签署方。签署方为主持人、对记录表态的投标人和监督部门。',
  'signing-closed': f => `未接收：现在是“${f.phase}”阶段，不能签署开标记录。`,
  'opening-adjourned': f => `未接收：开标已中止，各项时限停止计算。${f.when}。`,
  'talk-closed': () => '未发送：自公布投标人名单起至开标结束可以发言，名单公布前不得透露投标人。',
  muted: () => '未发送：主持人已暂停贵方发言。异议不受影响，请在提出异议环节签名提出。',
  'roll-call-running': f => `上一次点名至 ${f.until} 结束，请结束后再点名。`,
  'roll-call-over': () => '未记录：目前没有进行中的点名，或应答时间已过。',
  'sign-in-not-open': f => `未签到：签到自 ${f.from} 起开放。请届时再签到。`,
  'remedy-not-offered': f => `未办理：招标文件没有约定“${f.remedy}”（${f.article}）。请按招标文件约定的补救方案办理。`,
  'act-not-open': f => `未办理：没有待决定的“${f.act}”提请。请刷新页面。`,
  'act-waiting': f => `未办理：已有一项“${f.act}”等待监督部门决定。请待其决定后再提请。`,
  'act-cause': f => `未办理：“${f.cause}”不是“${f.act}”的法定或约定事由（${f.article}）。请选择适用的事由。`,
  'nothing-to-restart': () => '未办理：没有因平台或保管人原因未解密的投标，不需要重新开启解密。',
  'twin-differs': f =>
    `未接受：补录的文件“${f.role}”与截标前承诺的摘要不一致，不能作为投标文件（《电子招标投标办法》第三十一条）。已记录。`,
  'twin-not-needed': () => '未办理：该投标已解密或已作出处理，不需要补录。',
  'twin-too-late': f => `未接收：补录未加密副本的时间已于 ${f.endedAt} 结束，或该投标不在可补录之列。`,
  'twin-incomplete': f => `未接收：应一次补录该投标的全部文件，缺少“${f.role}”。请补齐后重新提交。`,
  'twin-none': () => '未办理：没有待决定的补录副本。请待投标人补录后再提请。',

  // Hall
  'item-withdrawn': f => `未接收：事项“${f.item}”已停止办理或已有新版本。请从事项目录重新进入。`,
  'materials-missing': f => `未接收：缺少必需材料：${f.missing}。请按办事指南补齐后提交。`,
  'material-unknown': f => `未接收：材料代码“${f.code}”不在办事指南所列材料之内。请按指南选择。`,
  'corrected-once': f =>
    `未办理：本件已于 ${f.at} 一次性告知补正，不得再次要求补正（《行政许可法》第三十二条第四项）。请受理或不予受理。`,
  'same-person': () => '未办理：本件由您受理，审批须由另一名工作人员作出。请由审批岗人员办理。',
  'not-finished': f => `未办理：本件尚未办结（当前状态“${f.state}”），办结后可以评价。`,
  'already-rated': f => `未重复评价：本件已于 ${f.at} 评价，一事一评。`,
  'handled-by-yourself': () => '未办理：投诉所涉办件由您经手，须由其他工作人员核实答复。请转交其他人员。',
  'extended-once': f => `未延期：本投诉已延期至 ${f.dueOn}，不得再次延期（最长 15 个工作日）。`,

  // Experts and the draw
  'draw-not-due': f => `未办理：当前阶段“${f.state}”不能进行此项抽取操作。请在标段页面查看现在可以办理的事项。`,
  'draw-exists': () => '未受理：本标段本轮已有进行中或已完成的抽取。如确需重新抽取，须先由两人作废原抽取并写明原因。',
  'draw-infeasible': f => `未受理：按现有条件无法组成评标委员会。${f.obstacle}`,
  'lead-time': f => `未受理：${f.reason}。请调整评标时间。`,
  'specialty-unknown': f => `未接收：现行专业分类（发改法规〔2018〕316号）中没有专业代码 ${f.codes}。请从专业目录选择。`,
  'expert-unqualified': f => `未受理：不符合入库条件（${f.reason}，${f.source}）。`,
  'expert-punished': f =>
    `未受理：曾因招标投标活动中的违法行为受过处罚（${f.document}），不得入库（${f.article}）。如处罚已被撤销，请联系专家库管理部门更正。`,
  'expert-exists': () => '未受理：该证件号码已在专家库中，同一人不能重复入库。请登录原账号，或联系专家库管理部门。',
  'expert-repeated': f =>
    `未入库：${f.code} 与 ${f.other} 是同一人或编号相同，同一人在一份名单中只能出现一次。整份名单均未入库。`,
  'application-exists': () => '未受理：您已有一份入库申请正在办理或已经入库。请在“申请入库”页查看进度。',
  'clearance-open': () => '未受理：对该专家已提出一项处理，尚未作出决定。请先在“专家处理”中办结。',
  'clearance-no-basis': () => '未受理：该专家的累计记分没有达到所选规则，或所选处罚记录已撤销。请刷新页面后按现有依据提出。',
  'clearance-not-due': f => `未办理：专家可以在 ${f.until} 前陈述申辩，其间未提交陈述的，不能作出决定。`,
  'appeal-exists': () => '未受理：对同一决定只能申诉一次，您已提出申诉。请在“我的专家档案”查看处理结果。',
  'appeal-not-possible': () => '未受理：只能对不予入库、暂停、清退、禁止参加评标的决定提出申诉，且须为本人。',
  'import-unreadable': f => `未导入：文件无法读取（${f.reason}）。请核对格式后重新上传。`,
  'edition-exists': f => `未导入：专业分类版本“${f.edition}”已经存在，版本不能改写。请用新的版本号导入。`,
  'import-running': f => `未导入：已有 ${f.count} 份名单正在办理，请待其中一份办结，或在“名单导入”中取消一份后再试。`,
  'committee-unlawful': f => `未受理：评标委员会组成不合法。${f.violations}请调整席位人数后重新提交。`,
  'draw-message-refused': f => `未接收：抽取消息不符合要求（${f.reason}）。请核对代理程序的版本和密钥。`,
  'invitation-ended': f => `未办理：该邀请已经${f.state}，不能再答复。如有疑问，请联系专家库管理部门。`,
  'draw-share-mismatch': f =>
    `未接收：公开的份额（${f.about}）与事先承诺的不是同一份。此事已记入日志；请由代理程序公开承诺时留存的份额。`,
  'names-locked': f => `未办理：评标委员会名单尚未解密，${f.until} 起由两名人员先后确认后方可查看。`,
  'records-closed': () => '未办理：抽取档案在评标结果确定后提供，专家本人只能查看自己的记录。',
  'identity-mismatch': () => '未通过：身份核对不符（身份证号后四位）。请核对后重试，或由现场工作人员核验。',
  'representative-stays': () =>
    '未办理：招标人代表只有在不能参加、应当回避或者到时未到场时才可以更换（《招标投标法实施条例》第四十八条、第七十条）。',
  'not-in-committee': () => '未办理：您不是本标段评标委员会的成员，或已退出本标段评标。',

  // Evaluation and award
  'sheet-locked': () =>
    '未保存：您的评审表已提交锁定，不能再修改（财政部令第87号第六十四条）。如有计算错误，请在报告签署时书面说明。',
  'sheet-incomplete': f => `未提交：还有 ${f.missing} 项没有填写（${f.first}）。请逐项填写后再提交。`,
  'score-out-of-range': f => `未保存：“${f.item}”的分值应在 0 至 ${f.max} 之间，最多两位小数。`,
  'report-missing': () => '未办理：评标报告尚未形成。全体评委提交评审表后由系统汇总。',
  'report-differs': () => '未接收：您签署的不是本次评标报告。请刷新页面，核对最新报告后重新签署。',
  'not-a-candidate': () => '未办理：所选投标人不是公示的中标候选人（《招标投标法实施条例》第五十五条）。请从候选人中选择。',
  'first-ranked-must-win': () =>
    '未办理：应当确定排名第一的中标候选人为中标人；依法改选其他候选人的，请写明原因（《招标投标法实施条例》第五十五条）。',
  'publicity-running': f => `未办理：中标候选人公示期至 ${f.endsAt}，期满后方可定标（《招标投标法实施条例》第五十四条）。`,
} satisfies Record<string, (facts: RefusalFacts) => string>

export type RefusalCode = keyof typeof refusalText
