export function SkipLink() {
  return (
    <a
      href="#main"
      data-print="no"
      className="absolute left-2 top-2 z-50 bg-base-100 px-4 py-2 not-focus:sr-only focus:outline-3 focus:outline-primary"
    >
      跳到主要内容
    </a>
  )
}
