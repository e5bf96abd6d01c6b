import { JOINED_EDGE, MERGED_EDGE } from './pen.ts'
import type { Pen } from './pen.ts'
import type { Mark } from './surface.ts'

/** What a recording pen has drawn. */
export interface Recording {
  /** A pen that draws nothing yet. Its texts stand for what it was told to draw. */
  pen: Pen
  /** Lets another pen draw all of it, in the same order. The function gives the texts of that pen for recorded ones. */
  replay: (pen: Pen) => (recorded: string) => string
}

type Draw = (pen: Pen, textOf: (recorded: string) => string) => string

/** A mark without a place, which no box has in it. */
const NOWHERE: Mark = { d: '' }

/**
 * Starts a recording. To let pens draw it takes much less time than to compose what it has in it again.
 * @param measuring the pen whose palette and face the recording pen has
 * @param marks gets the outlines of what is recorded, so that `boxOf` measures it
 * @param edge the width of the outline of solid shapes
 */
export function startRecording(measuring: Pen, marks: Mark[], edge: number): Recording {
  const draws: Array<{ index: number; draw: Draw }> = []

  function add(mark: Mark, draw: Draw): string {
    const index = marks.push(mark) - 1
    draws.push({ index, draw })
    return `<${index}>`
  }

  const outlined = (d: string, width: number): Mark =>
    width === 0 ? { d } : { d, stroke: { color: '', width } }

  const pen: Pen = {
    ...measuring,
    flat: (d, role, opacity) => add({ d }, (pen) => pen.flat(d, role, opacity)),
    line: (d, role, width) => add(outlined(d, width), (pen) => pen.line(d, role, width)),
    limb: (d, role, width) => add(outlined(d, width + edge), (pen) => pen.limb(d, role, width)),
    texture: (d, name, tile) => add(NOWHERE, (pen) => pen.texture(d, name, tile)),
    within: (d, content) => add(NOWHERE, (pen, textOf) => pen.within(d, textOf(content))),
    eye: (d, inside, width) => add(outlined(d, width), (pen, textOf) => pen.eye(d, textOf(inside), width)),
    solid: (d, role, { depth = 1, inside = '' } = {}) =>
      add(outlined(d, edge), (pen, textOf) => pen.solid(d, role, { depth, inside: textOf(inside) })),
    merged: (parts, role, { depth = 1, inside = '' } = {}) =>
      add(outlined(parts.join(''), edge * MERGED_EDGE), (pen, textOf) =>
        pen.merged(parts, role, { depth, inside: textOf(inside) })
      ),
    joined(d, rim, role, { depth = 1, inside = '' } = {}) {
      const shape = add({ d }, (pen, textOf) => pen.joined(d, rim, role, { depth, inside: textOf(inside) }))
      // The shape draws its rim too. It is a mark of its own only for the box.
      return shape + add(outlined(rim, edge === 0 ? JOINED_EDGE : edge), () => '')
    }
  }

  return {
    pen,
    replay(pen) {
      const texts: string[] = []
      const textOf = (recorded: string) => resolved(recorded, texts)
      for (const { index, draw } of draws) texts[index] = draw(pen, textOf)
      return textOf
    }
  }
}

/** A recorded text with the texts of another pen in place of those of the recording pen. */
function resolved(recorded: string, texts: readonly string[]): string {
  let text = ''
  let from = 0
  for (let at = recorded.indexOf('<'); at !== -1; at = recorded.indexOf('<', at + 1)) {
    const end = recorded.indexOf('>', at)
    const drawn = texts[Number(recorded.slice(at + 1, end))]
    if (drawn === undefined) continue
    text += recorded.slice(from, at) + drawn
    from = end + 1
  }
  return text + recorded.slice(from)
}
