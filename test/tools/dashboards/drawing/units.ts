const SECONDS_A_DAY = 86_400

const binary = (value: number) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])

/** What Grafana writes for a value, by the name of the unit. */
const FORMATS: Record<string, (value: number) => string> = {
  short: (value) => scaled(value, 1000, ['', 'K', 'Mil', 'Bil']),
  percentunit: (value) => `${rounded(value * 100)}%`,
  s: seconds,
  dtdurations: seconds,
  bytes: binary,
  reqps: (value) => `${rounded(value)} req/s`,
  ops: (value) => `${rounded(value)} ops/s`,
  cpm: (value) => `${rounded(value)} c/m`,
  currencyUSD: (value) => `$${rounded(value)}`
}

export function format(value: number, unit = 'short', decimals?: number): string {
  if (decimals !== undefined && unit === 'short') return value.toFixed(decimals)
  const write = FORMATS[unit]
  if (write === undefined) throw new Error(`The unit ${unit} is not known`)
  return write(value)
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function scaled(value: number, base: number, names: string[]): string {
  const power = value === 0 ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(base))
  const index = Math.min(Math.max(power, 0), names.length - 1)
  return `${rounded(value / base ** index)} ${names[index]}`.trim()
}

function seconds(value: number): string {
  if (value < 0.001) return `${rounded(value * 1e6)} µs`
  if (value < 1) return `${rounded(value * 1000)} ms`
  if (value < 60) return `${rounded(value)} s`
  if (value < 3600) return `${rounded(value / 60)} min`
  return value < SECONDS_A_DAY ? `${rounded(value / 3600)} h` : `${rounded(value / SECONDS_A_DAY)} d`
}
