import type { Pen } from './pen.ts'
import { each, repeat } from './repeat.ts'
import { blob, curve, ellipse, polygon, star } from './svg.ts'
import { match } from './traits.ts'
import type { Trait } from './traits.ts'
import { anyOf } from './words.ts'

type Hide = (pen: Pen, x: number, y: number, width: number, height: number) => string

const grid = (
  x: number,
  y: number,
  width: number,
  height: number,
  step: number,
  draw: (cx: number, cy: number, index: number) => string
) => {
  const marks: string[] = []
  let index = 0
  for (let row = 0; row * step * 0.86 < height; row += 1) {
    for (let column = 0; column * step < width + step; column += 1) {
      marks.push(draw(x + column * step + ((row % 2) * step) / 2, y + row * step * 0.86 + step / 2, index++))
    }
  }
  return marks.join('')
}

const HIDES: Record<string, Hide> = {
  bare: () => '',
  spots: (pen, x, y, width, height) =>
    grid(x, y, width, height, 76, (cx, cy, index) =>
      pen.flat(ellipse(cx, cy, 15 + (index % 3) * 4), 'bodyDark')
    ),
  rosettes: (pen, x, y, width, height) =>
    grid(x, y, width, height, 104, (cx, cy) => pen.line(ellipse(cx, cy, 24, 19), 'bodyDark', 11)),
  stripes: (pen, x, y, width, height) =>
    repeat(Math.ceil(height / 66), (index) =>
      pen.line(
        curve([x, y + index * 66], [x + width / 2, y + index * 66 + 34], [x + width, y + index * 66]),
        'bodyDark',
        23
      )
    ),
  patches: (pen, x, y, width, height) =>
    each(
      [
        [0.2, 0.2, 0.26],
        [0.76, 0.42, 0.3],
        [0.34, 0.78, 0.24]
      ],
      ([dx, dy, size]) => {
        const [cx, cy, r] = [x + dx * width, y + dy * height, size * Math.min(width, 420)]
        return pen.flat(
          blob(
            [cx - r, cy],
            [cx - r * 0.3, cy - r * 0.8],
            [cx + r, cy - r * 0.3],
            [cx + r * 0.5, cy + r * 0.7],
            [cx - r * 0.5, cy + r * 0.8]
          ),
          'bodyDark'
        )
      }
    ),
  diamonds: (pen, x, y, width, height) =>
    grid(x, y, width, height, 84, (cx, cy) =>
      pen.flat(polygon([cx, cy - 28], [cx + 19, cy], [cx, cy + 28], [cx - 19, cy]), 'bodyDark')
    ),
  scales: (pen, x, y, width, height) =>
    grid(x, y, width, height, 60, (cx, cy) =>
      pen.line(curve([cx - 30, cy - 8], [cx, cy + 34], [cx + 30, cy - 8]), 'bodyDark', 7)
    ),
  tufts: (pen, x, y, width, height) =>
    grid(x, y, width, height, 74, (cx, cy, index) =>
      pen.line(`M${cx} ${cy - 16}q${index % 2 === 0 ? 7 : -7} 14 0 ${24 + (index % 3) * 6}`, 'bodyDark', 9)
    ),
  stars: (pen, x, y, width, height) =>
    grid(x, y, width, height, 110, (cx, cy) => pen.flat(star(cx, cy, 24, 9, 5), 'bodyLight'))
}

const MARKS = [
  [/spot|speck|freckl|dappl|dotted|mottl|pepper|flecked|stippl|pockmark/, 'spots'],
  [/ringed|rosette|hooped|ocell|eyed|looped/, 'rosettes'],
  [/strip|banded|barred|streak|ribbed|tabby|zebra|lined|ridged|corrugat|tartan|furrow|pleated/, 'stripes'],
  [/patch|pied|piebald|brindl|blotch|marbl|motley|mended|stain|splash|muddy|smear/, 'patches'],
  [/quilt|harlequin|chequer|diamond|facet|lattic|woven|knit|argyle|embroid|crystal/, 'diamonds'],
  [/scal|armou|plated|tiled|shingl|overlapp|thatch|feather/, 'scales'],
  [
    anyOf(
      /fluff|shagg|hair|furr|woolly|bristl|tousl|scruff/,
      /maned|whisker|fuzz|tuft|moss|unkempt|frizz|shock/
    ),
    'tufts'
  ],
  [/star|sparkl|glitter|spangl|jewel|gem|sequin|celest|twinkl|gilded|radiant/, 'stars'],
  [/smooth|bare|sleek|plain|polish|bald|naked|silk|glass|shin|glazed|waxed|porcelain/, 'bare']
] as const

const USUAL_MARKS = ['bare', 'bare', 'spots', 'stripes', 'patches', 'diamonds', 'tufts', 'rosettes'] as const

/** A function that draws the marks of the hide. The words of the adjective set the kind, else its random numbers. */
export function hideOf(
  pen: Pen,
  adjective: Trait
): (x: number, y: number, width: number, height: number) => string {
  const name = match(adjective, MARKS, USUAL_MARKS)
  return (x, y, width, height) => HIDES[name]!(pen, x, y, width, height)
}
