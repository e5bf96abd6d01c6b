// Each function joins the SVG of several shapes into one string.

/** Calls `draw` for the left side (-1), then for the right side (1). */
export const both = (draw: (side: number) => string): string => draw(-1) + draw(1)

/** Calls `draw` for each item, in order. */
export function each<const T>(items: readonly T[], draw: (item: T, index: number) => string): string {
  let text = ''
  for (let index = 0; index < items.length; index += 1) text += draw(items[index]!, index)
  return text
}

/** Calls `draw` with 0, 1, 2, … up to `count` - 1. */
export function repeat(count: number, draw: (index: number) => string): string {
  let text = ''
  for (let index = 0; index + 1 <= count; index += 1) text += draw(index)
  return text
}
