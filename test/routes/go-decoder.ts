/**
 * The fields of the structs of Go by their names in JSON, each with the name of its type; `?` marks one that may be
 * absent.
 */
export type GoTypes = Record<string, Record<string, string>>

const INTEGERS: Record<string, [min: number, max: number]> = {
  int: [-(2 ** 63), 2 ** 63],
  int64: [-(2 ** 63), 2 ** 63],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, 2 ** 64]
}
/** The form that Go's `time.Time` decodes (RFC 3339). */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Decodes a value as `encoding/json` of Go does, and stricter: fields must be there. Fields that a struct does not have
 * are ignored, as in Go.
 * @returns what does not fit, with the path of the field
 */
export function decodeGo(types: GoTypes, type: string, value: unknown, path = '$'): string[] {
  const wrong = [`${path} is ${JSON.stringify(value)?.slice(0, 60)} and not ${type}`]
  const list = /^\[\](.+)$/.exec(type)?.[1]
  if (list !== undefined) {
    if (!Array.isArray(value)) return wrong
    return value.flatMap((item, index) => decodeGo(types, list, item, `${path}[${index}]`))
  }
  const map = /^map\[string\](.+)$/.exec(type)?.[1]
  if (map !== undefined) {
    if (!isObject(value)) return wrong
    return Object.entries(value).flatMap(([key, item]) => decodeGo(types, map, item, `${path}.${key}`))
  }
  const fields = types[type]
  if (fields !== undefined) {
    if (!isObject(value)) return wrong
    return Object.entries(fields).flatMap(([name, field]) => {
      if (name in value) return decodeGo(types, field.replace('?', ''), value[name], `${path}.${name}`)
      return field.endsWith('?') ? [] : [`${path}.${name} is missing`]
    })
  }
  return isScalar(type, value) ? [] : wrong
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScalar(type: string, value: unknown): boolean {
  if (type === 'any') return true
  if (type === 'string') return typeof value === 'string'
  if (type === 'bool') return typeof value === 'boolean'
  if (type === 'time') return typeof value === 'string' && TIME.test(value)
  if (typeof value !== 'number') return false
  if (type === 'float64') return true
  const [min, max] = INTEGERS[type]!
  return Number.isInteger(value) && value >= min && value <= max
}
