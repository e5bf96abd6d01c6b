// The few shapes that a scene is made of, as SVG elements. Numbers are cut to two decimals, so that the text is short and
// does not depend on how far a machine computes.

const n = (value: number) => String(Math.round(value * 100) / 100)

export function circle (cx: number, cy: number, radius: number, fill: string, opacity = 1): string {
  return `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(radius)}" fill="${fill}"${opacity < 1 ? ` opacity="${n(opacity)}"` : ''}/>`
}

/** @param tilt degrees, clockwise around its centre */
export function ellipse (cx: number, cy: number, rx: number, ry: number, fill: string, opacity = 1, tilt = 0): string {
  return `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"` +
    `${opacity < 1 ? ` opacity="${n(opacity)}"` : ''}${tilt === 0 ? '' : ` transform="rotate(${n(tilt)} ${n(cx)} ${n(cy)})"`}/>`
}

export function line (x1: number, y1: number, x2: number, y2: number, stroke: string, width: number): string {
  return `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" stroke="${stroke}" stroke-width="${n(width)}" stroke-linecap="round"/>`
}

export function path (d: string, stroke: string, width: number, fill = 'none'): string {
  const rounded = d.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => n(Number(number)))
  return `<path d="${rounded}" fill="${fill}" stroke="${stroke}" stroke-width="${n(width)}" stroke-linecap="round" stroke-linejoin="round"/>`
}

export function polygon (points: ReadonlyArray<readonly [number, number]>, fill: string): string {
  return `<polygon points="${points.map(([x, y]) => `${n(x)},${n(y)}`).join(' ')}" fill="${fill}"/>`
}
