import type { Mark, Surface } from '../surface.ts'

/**
 * A surface that keeps its marks in `marks`, because most are joined, left out or set in another way later. Its texts
 * stand for them: `<1>` for a mark, and `<cut 1>…</g>` for what the path of a mark cuts.
 */
export function createMarkSurface(marks: Mark[], isSmall: boolean): Surface {
  return {
    isSmall,
    add: (mark) => `<${marks.push(mark) - 1}>`,
    cut: (d, content) => (content === '' ? '' : `<cut ${marks.push({ d }) - 1}>${content}</g>`),
    cover: () => '',
    defs: () => ''
  }
}
