import { LinkButton } from '~/ui/Button'
import { Actions, Bullets, Stack } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { When } from '~/ui/When'

type Due = { lotName: string; boundAt: Date; isOldGone: boolean }

const advice = (isOldGone: boolean): string =>
  isOldGone
    ? '加锁所用的原加密证书已吊销、过期或不是本机构登记的证书。请在截止前用新证书重新密封并替换，否则开标时可能无法释放密钥，视为撤销投标文件（《电子招标投标办法》第三十一条）。'
    : '开标时须用原加密证书的密钥释放。原密钥不再可用的，请在截止前用新证书重新密封并替换；原密钥仍可用的，不必办理，但请保管好。'

/** A new encryption certificate does not open what was locked for the former one (crypto.md §10.13). */
export function SealAgainNotice({ due, href }: { due: Due; href: string }) {
  return (
    <Notice kind="warn" title="加密证书已更换，请考虑重新密封">
      <Stack>
        <Bullets
          items={[
            <>
              本机构于 <When at={due.boundAt} /> 登记了新的加密证书；「{due.lotName}」已递交的投标文件仍按原加密证书加锁。
            </>,
            advice(due.isOldGone),
          ]}
        />
        <Actions>
          <LinkButton to={href}>重新密封并替换</LinkButton>
        </Actions>
      </Stack>
    </Notice>
  )
}
