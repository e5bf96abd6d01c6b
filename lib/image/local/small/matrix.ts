/** A transform of SVG that keeps angles: `x' = a x + c y + e`, `y' = b x + d y + f`. */
export interface Matrix {
  a: number
  b: number
  c: number
  d: number
  e: number
  f: number
  /** How much longer it makes a line. */
  scale: number
}

export const IDENTITY: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0, scale: 1 }

const STEP = /(translate|rotate|scale)\(([^)]*)\)/g

/** The transform of a `transform` attribute, after that of the element's parent. */
export function transformed(parent: Matrix, text: string): Matrix {
  let matrix = parent
  for (const [, name, list] of text.matchAll(STEP)) {
    const [first = 0, second, third = 0] = list!.split(' ').map(Number)
    if (name === 'translate') matrix = multiply(matrix, 1, 0, 0, 1, first, second ?? 0)
    else if (name === 'scale') matrix = multiply(matrix, first, 0, 0, second ?? first, 0, 0)
    else {
      const [cos, sin] = [Math.cos((first * Math.PI) / 180), Math.sin((first * Math.PI) / 180)]
      const [x, y] = [second ?? 0, third]
      matrix = multiply(matrix, cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    }
  }
  return matrix
}

/** The matrix after a move. */
export const moved = (matrix: Matrix, dx: number, dy: number): Matrix => ({
  ...matrix,
  e: matrix.a * dx + matrix.c * dy + matrix.e,
  f: matrix.b * dx + matrix.d * dy + matrix.f
})

function multiply(m: Matrix, a: number, b: number, c: number, d: number, e: number, f: number): Matrix {
  const product = {
    a: m.a * a + m.c * b,
    b: m.b * a + m.d * b,
    c: m.a * c + m.c * d,
    d: m.b * c + m.d * d,
    e: m.a * e + m.c * f + m.e,
    f: m.b * e + m.d * f + m.f
  }
  return { ...product, scale: Math.hypot(product.a, product.b) }
}
