import type { KeyProblem } from '@/crypto/keyprovider'

/** Where a key may be kept, as pages offer it. */
export const keySourceText = { file: '文件证书', browser: '浏览器密钥', token: 'USB Key' } as const

export const keyProblemText: Record<KeyProblem, string> = {
  'wrong-password': '未打开证书文件：密码不正确，或文件已损坏。请核对后重试。',
  'no-signing-key': '未签名：所选密钥中没有签名证书。请换用含签名证书的证书文件、浏览器密钥或 USB Key。',
  'no-encryption-key':
    '未办理：所选密钥中没有加密证书，加密的内容以后将无法打开。请换用同时含签名证书和加密证书的证书文件、浏览器密钥或 USB Key。',
  'no-browser-key': '未签名：本浏览器中没有所选的密钥，可能已被清除或存在另一浏览器中。请换用当时的浏览器、文件证书或 USB Key。',
  unsupported: '未签名：所选密钥不支持此算法或用途。国密（SM2）请用文件证书或 USB Key。',
  'no-middleware': '未连接 USB Key：本机的 USB Key 控件没有运行。请启动厂商控件后重试；未安装的，请从厂商网站下载安装。',
  'no-token': '未找到 USB Key：请插入 USB Key 后重试。',
  'token-removed': '未签名：USB Key 已被拔出。请重新插入后重试。',
  'wrong-pin': 'PIN 不正确。请核对后重试。',
  'pin-locked': 'USB Key 已锁定：PIN 连续输错次数过多。请联系证书签发机构解锁。',
  cancelled: '未签名：已在 USB Key 控件中取消。如需办理，请重试。',
  timeout: '未签名：USB Key 控件没有在规定时间内答复。请检查控件窗口是否在等待输入 PIN，然后重试。',
  'middleware-fault': '未签名：USB Key 控件的答复不符合约定，或签名与证书不符。请更新厂商控件，仍不行的联系厂商。',
  insecure: '未签名：本页须通过 https 打开，浏览器才提供密码运算。请改用 https 地址。',
  fault: '未签名：浏览器不能使用此证书。请更换浏览器或证书后重试。',
}

/** The sentence for what went wrong with a key; a wrong PIN says how often one may still try. */
export const keyProblemSentence = (problem: KeyProblem, left?: number | null): string =>
  problem === 'wrong-pin' && typeof left === 'number'
    ? `PIN 不正确，还可再试 ${left} 次，用尽后 USB Key 将锁定。请核对后重试。`
    : keyProblemText[problem]
