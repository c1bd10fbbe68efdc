import type { Page } from 'playwright-core'

/** What a person sees of one message, in the page. */
export type Measured = {
  readonly caption: string
  readonly part: string | null
  readonly width: 'desktop' | 'phone'
  /** Lines of text, and one for each row of buttons. */
  readonly lines: number
  /** Texts that reach out of the message, or whose end is cut off. */
  readonly cut: readonly string[]
}

/** Runs in the page. */
const MEASURE = `[...document.querySelectorAll('.frame')].map((frame) => {
  const body = frame.querySelector('.body')
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  const edge = frame.getBoundingClientRect()
  const tops = new Set()
  const cut = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data.trim() === '') continue
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()]
    if (rects.some(({ right, left }) => right > edge.right - 8 || left < edge.left)) cut.push(node.data)
    if (node.parentElement.closest('.button, .file, .mark')) continue
    // Bold and code of one line differ by a pixel or two.
    for (const { bottom } of rects) tops.add(Math.round(bottom / 8))
  }
  for (const one of frame.querySelectorAll('*'))
    if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).display !== 'inline')
      cut.push(one.className + ' ' + one.textContent.slice(0, 80))
  const near = [...tops].sort((a, b) => a - b).filter((top, at, all) => at === 0 || top - all[at - 1] > 1)
  let caption = frame.previousElementSibling
  while (caption && !caption.classList.contains('caption')) caption = caption.previousElementSibling
  return {
    caption: caption?.textContent ?? '',
    part: frame.dataset.part ?? null,
    width: frame.classList.contains('phone') ? 'phone' : 'desktop',
    lines: near.length + frame.querySelectorAll('.actions').length,
    cut,
  }
})`

export const measure = (page: Page): Promise<Measured[]> => page.evaluate(MEASURE)
