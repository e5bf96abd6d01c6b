import type { Role } from './palette.ts'
import type { Pen } from './pen.ts'
import { ellipse, group, n, polygon, polyline, rectangle } from './svg.ts'
import type { Point } from './svg.ts'

/** A place in a drawing, such as the grip of a tool. */
export interface Anchor {
  x: number
  y: number
  /** Degrees, clockwise from the top, in which it points. Only anchors that are lines have it. */
  angle?: number
}

/** A drawing of a file, which a pen can draw. */
export interface Drawing {
  draw: (pen: Pen) => string
  anchors: Readonly<Record<string, Anchor>>
  /** Left, top, width and height of its view box. */
  box: readonly [x: number, y: number, width: number, height: number]
}

type Draw = (pen: Pen) => string
type Attributes = Readonly<Record<string, string>>

/** The classes that name a colour of the palette. */
const ROLES = [
  'accent',
  'accentDark',
  'body',
  'bodyDark',
  'bodyLight',
  'cloth',
  'clothDark',
  'far',
  'farDark',
  'ground',
  'groundDark',
  'heart',
  'ink',
  'paper',
  'skin',
  'skinDark',
  'sky',
  'skyLow',
  'tear'
] as const satisfies readonly Role[]

const TAG = /<(\/?)([a-z]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/gi
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
/** What says nothing about the drawing. */
const IGNORED =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(style|title|desc|metadata|sodipodi:namedview)\b[\s\S]*?<\/\1>/g
const USUAL_DEPTH = 0.5

interface Element {
  name: string
  attributes: Attributes
  children: Element[]
}

/**
 * Reads a drawing of the SVG subset that `lib/image/README.md` describes.
 * @param file names the drawing in errors
 */
export function parseDrawing(text: string, file: string): Drawing {
  const fail = (problem: string): never => {
    throw new Error(`${file}: ${problem}`)
  }
  const root = treeOf(text, fail)
  const box = numbersOf(root.attributes.viewBox ?? '')
  if (box.length !== 4) fail('the root needs a viewBox of four numbers')
  const clips = new Map(
    elementsOf(root)
      .filter(({ name }) => name === 'clipPath')
      .map(({ attributes, children }) => [
        attributes.id ?? '',
        pathOf(children[0] ?? fail('an empty clipPath'), fail)
      ])
  )
  const anchors: Record<string, Anchor> = {}
  const parts: Draw[] = []
  for (const child of root.children) {
    if (child.name === 'defs' || child.name === 'clipPath') continue
    if (child.attributes.id === 'anchors') Object.assign(anchors, anchorsOf(child, fail))
    else parts.push(drawOf(child, clips, fail))
  }
  return { draw: joined(parts), anchors, box: box as unknown as Drawing['box'] }
}

const joined =
  (parts: readonly Draw[]): Draw =>
  (pen) => {
    let text = ''
    for (const part of parts) text += part(pen)
    return text
  }

/** The elements of the text as a tree. */
function treeOf(text: string, fail: (problem: string) => never): Element {
  const top: Element = { name: '', attributes: {}, children: [] }
  const open = [top]
  for (const [, closing, name = '', list = '', single] of text.replaceAll(IGNORED, '').matchAll(TAG)) {
    if (closing === '/') {
      if (open.pop()!.name !== name) fail(`a wrong </${name}>`)
      continue
    }
    const attributes = Object.fromEntries(
      [...list.matchAll(ATTRIBUTE)].map(([, key = '', value, quoted]) => [key, value ?? quoted ?? ''])
    )
    const element = { name, attributes, children: [] }
    open.at(-1)!.children.push(element)
    if (single !== '/') open.push(element)
  }
  const root = top.children[0]
  if (root?.name !== 'svg' || open.length !== 1) return fail('it is not one <svg> element')
  return root
}

const elementsOf = (element: Element): Element[] => [
  element,
  ...element.children.flatMap((child) => elementsOf(child))
]

const numbersOf = (text: string): number[] =>
  text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number)

/** Anchors are circles, or lines that point somewhere. */
function anchorsOf(anchors: Element, fail: (problem: string) => never): Record<string, Anchor> {
  return Object.fromEntries(
    anchors.children.map(({ name, attributes }) => {
      const at = (key: string) => Number(attributes[key] ?? 0)
      const id = attributes.id ?? fail('an anchor without an id')
      if (name === 'circle') return [id, { x: at('cx'), y: at('cy') }]
      if (name !== 'line') return fail(`the anchor ${id} is a <${name}>, not a <circle> or a <line>`)
      const [dx, dy] = [at('x2') - at('x1'), at('y2') - at('y1')]
      return [id, { x: at('x1'), y: at('y1'), angle: (Math.atan2(dx, -dy) * 180) / Math.PI }]
    })
  )
}

function drawOf(
  element: Element,
  clips: ReadonlyMap<string, string>,
  fail: (problem: string) => never
): Draw {
  const { name, attributes, children } = element
  const moved = withTransform(attributes.transform, fail)
  if (name === 'g') {
    const content = joined(children.map((child) => drawOf(child, clips, fail)))
    const clip = attributes['clip-path']
    if (clip === undefined) return moved(content)
    const id = /^url\(#(.*)\)$/.exec(clip)?.[1] ?? ''
    const d = clips.get(id) ?? fail(`no clipPath "${id}"`)
    return moved((pen) => pen.within(d, content(pen)))
  }
  const d = pathOf(element, fail)
  const classes = (attributes.class ?? '').split(' ')
  const role =
    ROLES.find((known) => classes.includes(known)) ?? fail(`a <${name}> without the class of a colour`)
  const width = Number(attributes['stroke-width'] ?? 0)
  if (classes.includes('line') || classes.includes('limb')) {
    if (width <= 0) fail('a line without a stroke-width')
    return moved(
      classes.includes('line') ? (pen) => pen.line(d, role, width) : (pen) => pen.limb(d, role, width)
    )
  }
  const opacity = Number(attributes.opacity ?? 1)
  if (classes.includes('flat') || opacity < 1) return moved((pen) => pen.flat(d, role, opacity))
  const depth = Number(attributes['data-depth'] ?? USUAL_DEPTH)
  return moved((pen) => pen.solid(d, role, { depth }))
}

function withTransform(text: string | undefined, fail: (problem: string) => never): (draw: Draw) => Draw {
  if (text === undefined) return (draw) => draw
  const steps = [...text.matchAll(/([a-z]+)\(([^)]*)\)/gi)].map(([, name = '', list = '']) => {
    if (!/^(?:translate|rotate|scale)$/.test(name)) {
      fail(`the transform ${name}() is not read: apply it to the path`)
    }
    return `${name}(${numbersOf(list).map(n).join(' ')})`
  })
  const transform = steps.join(' ')
  return (draw) => (pen) => group(draw(pen), transform)
}

/** The path of any shape. */
function pathOf({ name, attributes }: Element, fail: (problem: string) => never): string {
  const at = (key: string) => Number(attributes[key] ?? 0)
  const points = () => {
    const numbers = numbersOf(attributes.points ?? '')
    return numbers.flatMap((x, index): Point[] => (index % 2 === 0 ? [[x, numbers[index + 1] ?? 0]] : []))
  }
  switch (name) {
    case 'path': {
      const d = (attributes.d ?? '').trim().replaceAll(/\s+/g, ' ')
      if (!/^M[\d\sMLHVQTCAZ.,-]*$/i.test(d)) fail(`a path with commands other than M L H V Q T C A Z: ${d}`)
      return d
    }
    case 'circle':
      return ellipse(at('cx'), at('cy'), at('r'))
    case 'ellipse':
      return ellipse(at('cx'), at('cy'), at('rx'), at('ry'))
    case 'rect':
      return rectangle(at('x'), at('y'), at('width'), at('height'), at('rx'))
    case 'polygon':
      return polygon(...points())
    case 'polyline':
      return polyline(...points())
    case 'line':
      return polyline([at('x1'), at('y1')], [at('x2'), at('y2')])
    default:
      return fail(`<${name}> is not read`)
  }
}
