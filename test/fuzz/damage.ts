import fc from 'fast-check'

/** Text of any characters, or of those that the parser knows. */
export function textOf(...known: string[]): fc.Arbitrary<string> {
  const pieces = fc.array(fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'binary', maxLength: 6 })), {
    maxLength: 8
  })
  return pieces.map((parts) => parts.join(''))
}

/** Bytes with some of them replaced, cut out, doubled or inserted. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Buffer> {
  const edit = fc.tuple(
    fc.nat(),
    fc.constantFrom('set', 'cut', 'double', 'insert', 'end'),
    fc.nat(255),
    fc.nat(40)
  )
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((left, [place, kind, byte, length]) => {
      const at = place % (left.length + 1)
      const [before, after] = [left.subarray(0, at), left.subarray(at)]
      if (kind === 'set') return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)])
      if (kind === 'cut') return Buffer.concat([before, after.subarray(length)])
      if (kind === 'double') return Buffer.concat([before, after.subarray(0, length), after])
      if (kind === 'insert') return Buffer.concat([before, Buffer.alloc(length, byte), after])
      return before
    }, Buffer.from(bytes))
  )
}

/** A JSON text near that of a value: with values of other types, missing keys, further keys, or broken. */
export function damagedJson(value: object): fc.Arbitrary<string> {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      -1,
      1e308,
      0.5,
      '',
      '9999-99-99',
      '0000-00-00',
      [],
      {},
      true,
      'x'.repeat(5_000)
    ),
    fc.jsonValue({ maxDepth: 2 })
  )
  const changed = fc
    .array(fc.tuple(fc.array(fc.nat(), { maxLength: 4 }), odd, fc.boolean()), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      const copy = structuredClone(value) as Record<string, unknown>
      // A replacement that is changed later must not be the one that other values contain.
      for (const [path, replacement, isRemoved] of changes) {
        change(copy, path, structuredClone(replacement), isRemoved)
      }
      return JSON.stringify(copy)
    })
  const bytes = Buffer.from(JSON.stringify(value))
  return fc.oneof(
    { weight: 4, arbitrary: changed },
    { weight: 1, arbitrary: damaged(bytes).map(String) },
    { weight: 1, arbitrary: fc.json() }
  )
}

function change(
  inside: Record<string, unknown>,
  [first = 0, ...rest]: number[],
  value: unknown,
  isRemoved: boolean
): void {
  const keys = Object.keys(inside)
  const key = keys[first % Math.max(1, keys.length)] ?? 'further'
  const inner = inside[key]
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) {
    change(inner as Record<string, unknown>, rest, value, isRemoved)
  } else if (isRemoved) delete inside[key]
  else inside[key] = value
}
