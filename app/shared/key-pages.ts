// Pages on which somebody signs or opens with a key of their own. Only these may reach the middleware of a USB key on this machine
// (CSP connect-src), so links to them load the page anew: a document keeps the policy it came with.
const keyPages = [
  /^\/sign-in$/,
  /^\/lots\/[^/]+\/opening$/,
  /^\/bidder\/lots\/[^/]+\/(submission|withdrawal|confirmation)$/,
  /^\/custodian\/lots\/[^/]+\/(key|cosignature)$/,
  /^\/agency\/lots\/[^/]+\/policy$/,
  /^\/expert\/lots\/[^/]+\/signature$/,
]

/** Whether the page at this address (a query may follow) is one of them. */
export function isKeyPage(address: string): boolean {
  const [path = ''] = address.split(/[?#]/)
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path
  return keyPages.some(page => page.test(plain))
}
