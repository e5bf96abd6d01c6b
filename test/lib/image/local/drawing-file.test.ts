import t from 'tap'
import { parseDrawing } from '../../../../lib/image/local/drawing-file.ts'
import { paletteOf } from '../../../../lib/image/local/palette.ts'
import { createPen } from '../../../../lib/image/local/pen.ts'
import { createSvgSurface } from '../../../../lib/image/local/surface.ts'
import { ADDRESS, dressOf } from './dresses.ts'
import { traitsOf } from '../../../../lib/image/local/traits.ts'

const palette = paletteOf(traitsOf(dressOf(ADDRESS)))

function drawn(content: string): string {
  const surface = createSvgSurface()
  const pen = createPen(palette, { shading: 'flat' }, { dx: 26, dy: -20 }, surface)
  return parseDrawing(`<svg viewBox="-100 -100 200 200">${content}</svg>`, 'test.svg').draw(pen)
}

t.test('each class of a shape is drawn in its own way, in the colours of the palette', async (t) => {
  t.equal(
    drawn('<path class="flat ink" d="M0 0L10 0L10 10Z"/>'),
    `<path d="M0 0L10 0L10 10Z" fill="${palette.ink}"/>`
  )
  t.match(
    drawn('<path class="line accent" stroke-width="9" d="M0 0H10"/>'),
    /stroke="#[0-9a-f]{6}" stroke-width="9"/
  )
  t.match(drawn("<circle class='body' cx='5' cy='5' r='4'/>"), new RegExp(palette.body))
  t.match(drawn('<rect class="flat paper" opacity="0.4" width="4" height="5"/>'), /opacity="0.40"/)
  t.match(
    drawn('<g transform="translate(3,4) rotate(10)"><polygon class="cloth" points="0,0 9,0 9,9"/></g>'),
    /^<g transform="translate\(3 4\) rotate\(10\)"><path d="M0 0L9 0L9 9Z"/
  )
  t.match(
    drawn(
      '<defs><clipPath id="a"><rect width="9" height="9"/></clipPath></defs>' +
        '<g clip-path="url(#a)"><line class="line ink" stroke-width="2" x1="0" y1="0" x2="9" y2="9"/></g>'
    ),
    /^<g clip-path="url\(#c1\)"><path d="M0 0L9 9"/
  )
})

t.test('anchors, styles and comments are not drawn', async (t) => {
  const text =
    '<?xml version="1.0"?><svg viewBox="-10 -20 30 40"><style>path > a { }</style><!-- <path d="M0 0"/> -->' +
    '<title>A tool</title><g id="anchors"><line id="grip" x1="1" y1="2" x2="11" y2="2"/>' +
    '<circle id="tip" cx="3" cy="4" r="2"/></g></svg>'
  const { draw, anchors, box } = parseDrawing(text, 'test.svg')
  const pen = createPen(palette, { shading: 'flat' }, { dx: 26, dy: -20 }, createSvgSurface())
  t.equal(draw(pen), '')
  t.same(anchors, { grip: { x: 1, y: 2, angle: 90 }, tip: { x: 3, y: 4 } })
  t.same(box, [-10, -20, 30, 40])
})

t.test('a drawing that cannot be read says why', async (t) => {
  const faults: Record<string, RegExp> = {
    '<path d="M0 0Z"/>': /without the class of a colour/,
    '<path class="line ink" d="M0 0Z"/>': /without a stroke-width/,
    '<path class="ink" d="M0 0S1 2 3 4"/>': /commands other than/,
    '<text class="ink">a</text>': /<text> is not read/,
    '<g transform="matrix(1 0 0 1 0 0)"></g>': /matrix\(\) is not read/,
    '<g clip-path="url(#none)"></g>': /no clipPath "none"/,
    '<g id="anchors"><rect id="grip"/></g>': /not a <circle> or a <line>/,
    '<g></svg>': /wrong <\/svg>/
  }
  for (const [content, problem] of Object.entries(faults)) t.throws(() => drawn(content), problem, content)
  t.throws(() => parseDrawing('<svg></svg>', 'test.svg'), /test\.svg: the root needs a viewBox/)
})
