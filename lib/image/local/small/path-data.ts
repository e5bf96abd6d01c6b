// Reads and writes the text of SVG paths.

/** A path as letters and numbers apart, all positions absolute. */
export interface Path {
  /** A letter for each command: M, L, Q, C, A or Z. */
  kinds: string
  /** The numbers of all commands: as many for each as `COUNTS` says. The last two are the position of its end. */
  numbers: number[]
}

export const COUNTS: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  Q: 4,
  T: 2,
  C: 6,
  A: 7,
  Z: 0
}

const TOKEN = /[a-z]|-?[\d.]+/gi
const LETTER = 65
const SMALL_LETTER = 97

// The functions below run for thousands of numbers in each drawing, so they create no arrays on the way.

/** Reads a path. `H` and `V` are read as `L`, and `T` as `Q`. */
export function readPath(d: string): Path {
  const tokens = d.match(TOKEN) ?? []
  const numbers: number[] = []
  let kinds = ''
  let x = 0
  let y = 0
  let startX = 0
  let startY = 0
  /** The control point that `T` mirrors. */
  let controlX = 0
  let controlY = 0
  let letter = ''
  for (let at = 0; at < tokens.length;) {
    if (tokens[at]!.charCodeAt(0) >= LETTER) letter = tokens[at++]!
    else if (letter === 'M') letter = 'L'
    else if (letter === 'm') letter = 'l'
    const isRelative = letter.charCodeAt(0) >= SMALL_LETTER
    const name = isRelative ? letter.toUpperCase() : letter
    if (name === 'Z') {
      kinds += 'Z'
      x = startX
      y = startY
      continue
    }
    if (name === 'A') for (const end = at + 5; at < end; at += 1) numbers.push(Number(tokens[at]))
    if (name === 'T') numbers.push(2 * x - controlX, 2 * y - controlY)
    const dx = isRelative ? x : 0
    const dy = isRelative ? y : 0
    const positions = name === 'C' ? 3 : name === 'Q' ? 2 : 1
    const first = numbers.length
    let endX = x
    let endY = y
    for (let left = positions; left > 0; left -= 1) {
      if (name !== 'V') endX = Number(tokens[at++]) + dx
      if (name !== 'H') endY = Number(tokens[at++]) + dy
      numbers.push(endX, endY)
    }
    const isQuadratic = name === 'Q' || name === 'T'
    controlX = name === 'T' ? 2 * x - controlX : isQuadratic ? numbers[first]! : endX
    controlY = name === 'T' ? 2 * y - controlY : isQuadratic ? numbers[first + 1]! : endY
    x = endX
    y = endY
    if (name === 'M') {
      startX = x
      startY = y
    }
    kinds += name === 'H' || name === 'V' ? 'L' : name === 'T' ? 'Q' : name
  }
  return { kinds, numbers }
}

/** The shortest text of a path whose numbers are whole. */
export function writePath({ kinds, numbers }: Path): string {
  let text = ''
  let last = ''
  let x = 0
  let y = 0
  let startX = 0
  let startY = 0
  let first = 0
  for (let index = 0; index < kinds.length; index += 1) {
    const kind = kinds[index]!
    if (kind === 'Z') {
      if (last !== 'z') text += 'z'
      last = 'z'
      x = startX
      y = startY
      continue
    }
    const end = first + COUNTS[kind]!
    const endX = numbers[end - 2]!
    const endY = numbers[end - 1]!
    if (kind === 'M') {
      text += `M${endX}${separated(endY)}`
      // Positions after those of a move would be read as absolute lines.
      last = ''
      startX = endX
      startY = endY
    } else if (kind === 'L' && (endX === x || endY === y)) {
      const letter = endY === y ? 'h' : 'v'
      const length = endY === y ? endX - x : endY - y
      text += letter === last ? separated(length) : letter + length
      last = letter
    } else {
      const letter = kind.toLowerCase()
      const positions = kind === 'A' ? end - 2 : first
      let part = ''
      for (let at = first; at < end; at += 1) {
        const origin = at < positions ? 0 : (at - positions) % 2 === 0 ? x : y
        part += separated(numbers[at]! - origin)
      }
      if (letter === last) text += part
      else text += letter + (part.startsWith(' ') ? part.slice(1) : part)
      last = letter
    }
    x = endX
    y = endY
    first = end
  }
  return text
}

/** A number behind another one. */
const separated = (number: number): string => (number < 0 ? String(number) : ` ${number}`)
