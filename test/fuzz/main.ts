// npm run fuzz: ten times as many inputs as `npm test`, and others each time.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

const USAGE = `Usage: npm run fuzz -- [options]

  --cases 200000         inputs in all; two of five are requests over a socket
  --seed N               repeats the inputs of an earlier call, which its failure names
`
const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
})
if (values.help) process.stdout.write(USAGE)
else {
  process.env.FUZZ_CASES = values.cases ?? '200000'
  process.env.FUZZ_SEED = values.seed ?? String(randomInt(2 ** 31))
  process.env.TAP_TIMEOUT ??= '3600'
  for (const file of ['parsers', 'routes', 'opened-files']) await import(`./${file}.test.js`)
}
