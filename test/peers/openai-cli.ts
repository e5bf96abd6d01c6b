// npm run fake-openai -- --help: starts the stand-in for OpenAI, to try the server without a key.
import { parseArgs } from 'node:util'
import { createChaos, parseScript, startOpenAi } from './openai.ts'
import type { RequestRecord } from './openai.ts'

const USAGE = `Usage: npm run fake-openai -- [options]

  --port 9191            port to listen on; 0 takes a free one
  --host 127.0.0.1       address to listen on
  --latency 1500         milliseconds before a good answer
  --faults LIST          once, in this order: image:rate_limited,image:server_error*3,chat:refusal
  --chaos 0.2            share of the requests that fail at random, 0 to 1
  --seed 1               repeats the same chaos
  --noise                pictures as heavy as photographs
`

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '9191' },
      host: { type: 'string', default: '127.0.0.1' },
      latency: { type: 'string', default: '1500' },
      faults: { type: 'string', default: '' },
      chaos: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      noise: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }

  const script = parseScript(values.faults)
  const [port, latency, share, seed] = [
    numberOf('port', values.port, 65_535),
    numberOf('latency', values.latency),
    numberOf('chaos', values.chaos, 1),
    numberOf('seed', values.seed)
  ]
  const openai = await startOpenAi({
    port,
    host: values.host,
    latency,
    gap: 300,
    noise: values.noise,
    variants: 8,
    onEnd: print
  })
  for (const [operation, faults] of script) openai.script(operation, ...faults)
  if (share > 0) {
    for (const [index, operation] of (['chat', 'image', 'download'] as const).entries()) {
      openai.behave(operation, createChaos({ operation, share, seed: seed * 3 + index }))
    }
  }
  process.stdout.write(
    `The stand-in for OpenAI listens at ${openai.url}. Point dalleserver at it:\n\n` +
      `  OPENAI_API_KEY=fake OPENAI_BASE_URL=${openai.url} npm start\n\n`
  )
}

function numberOf(name: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= most)) {
    throw new Error(`--${name} is "${text}": it must be a number from 0 to ${most}.\n\n${USAGE}`)
  }
  return value
}

function print({ operation, path, body, outcome, took = 0 }: RequestRecord): void {
  const model = typeof body.model === 'string' ? ` ${body.model}` : ''
  process.stdout.write(
    `${new Date().toISOString()} ${operation}${model} ${path} → ${outcome} in ${took} ms\n`
  )
}
