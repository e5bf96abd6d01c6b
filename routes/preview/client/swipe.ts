/** Pixels that a finger moves to the side before it is a swipe. */
const SWIPE = 60

/**
 * Calls `onSwipe` when a finger swipes to a side, unless the visitor has zoomed in, or swipes in a text that scrolls.
 * @param onSwipe gets where the finger went
 */
export function watchSwipes(element: HTMLElement, onSwipe: (to: 'left' | 'right') => void): void {
  let start: Touch | undefined
  element.addEventListener(
    'touchstart',
    ({ touches, target }) => {
      const inText = target instanceof Element && target.closest('pre, input') !== null
      const isZoomed = (visualViewport?.scale ?? 1) > 1
      start = touches.length === 1 && !inText && !isZoomed ? touches[0] : undefined
    },
    { passive: true }
  )
  element.addEventListener('touchcancel', () => {
    start = undefined
  })
  element.addEventListener('touchend', ({ changedTouches: [end] }) => {
    if (start === undefined || end === undefined) return
    const [right, down] = [end.clientX - start.clientX, end.clientY - start.clientY]
    start = undefined
    if (Math.abs(right) < SWIPE || Math.abs(right) < 2 * Math.abs(down)) return
    onSwipe(right > 0 ? 'right' : 'left')
  })
}
