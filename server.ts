#!/usr/bin/env node
import { writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import closeWithGrace from 'close-with-grace'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { readCommand } from './lib/config/command.ts'
import type { Command } from './lib/config/command.ts'
import { ConfigError } from './lib/config/config.ts'
import type { Config } from './lib/config/config.ts'
import { readDotenv } from './lib/config/dotenv.ts'
import { hiddenTexts } from './lib/config/hidden.ts'
import { startSummary } from './lib/config/start-summary.ts'
import { warnOfStrangers } from './lib/config/start-warnings.ts'
import { isServiceError } from './lib/errors.ts'
import { inTime } from './lib/in-time.ts'
import { createLogStream } from './lib/log-stream.ts'
import { createErrorSerializer, traceIds } from './lib/log.ts'
import { VERSION } from './lib/package.ts'
import type { createPrettyLog } from './lib/pretty-log.ts'

type PrettyLog = ReturnType<typeof createPrettyLog>

const EXIT_FAILURE = 1
const EXIT_CONFIG = 2

/** Longest time from the end of the grace of runs to the end of the process: open requests end, files are closed. */
const CLEAN_UP_MS = 3_500
/** Open requests have their 10 s also where runs have less. */
const LEAST_GRACE_MS = 8_000

/** How long the start waits for the number of pictures, in milliseconds. */
const COUNT_MS = 500

/** File operations that go on for this long during a stop hang: the disk does not answer. */
const HANGING_MS = 3_000
const HANGING_INTERVAL_MS = 50
/** How often a server that npm has started looks for its shell. */
const SHELL_INTERVAL_MS = 1_000

/**
 * How much the heap grows between two collections, in percent. V8 lets it double. With 100,000 pictures the process
 * takes a fifth less memory so. With 40 its start would take an eighth more of the CPU.
 */
const HEAP_GROWTH = 60

/** The system's signals for faults. A handler would return to the fault and run again, for ever. */
const FAULT_SIGNALS = [
  'SIGSEGV',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGABRT'
] satisfies NodeJS.Signals[]

await main()

async function main(): Promise<void> {
  let command
  try {
    const { values, warnings } = readDotenv()
    command = readCommand({
      argv: process.argv.slice(2),
      env: process.env,
      dotenv: values,
      dotenvWarnings: warnings,
      version: VERSION
    })
  } catch (error) {
    if (error instanceof ConfigError) return quit(EXIT_CONFIG, error.message)
    throw error
  }
  switch (command.run) {
    case 'serve':
      return await serve(command.config, command.warnings)
    case 'print':
      return print(command.text)
    case 'migrate':
      return print(await orQuit(migrateDatabase(command.databaseUrl)))
    case 'import':
    case 'export':
      return print(await orQuit(moveFolder(command)))
    case 'dress':
      return print(await orQuit(dress(command)))
    case 'sheet':
      return print(await orQuit(sheet(command)))
  }
}

async function migrateDatabase(url: string): Promise<string> {
  const { migrate } = await import('./lib/engine/postgres/migrate.ts')
  const applied = await migrate(url)
  return applied.length === 0
    ? 'The database is up to date.\n'
    : applied.map((name) => `Applied ${name}\n`).join('')
}

async function moveFolder({ run, config, databaseUrl }: Extract<Command, { run: 'import' | 'export' }>) {
  const { dataDir, s3 } = config
  const printLine = (line: string) => print(`${line}\n`)
  if (run === 'import') {
    const { importFolder } = await import('./lib/commands/import.ts')
    return await importFolder({ dataDir, databaseUrl, s3, print: printLine })
  }
  const { exportFolder } = await import('./lib/commands/export.ts')
  return await exportFolder({ dataDir, databaseUrl, s3, print: printLine })
}

async function dress({ config, series, address }: Extract<Command, { run: 'dress' }>): Promise<string> {
  const { describeDress } = await import('./lib/commands/dress.ts')
  const onUnreadable = (file: string, reason: string) =>
    process.stderr.write(`${file} cannot be used: ${reason}\n`)
  return await describeDress({ dataDir: config.dataDir, series, address, onUnreadable })
}

async function sheet(command: Extract<Command, { run: 'sheet' }>): Promise<string> {
  const { drawSheet } = await import('./lib/commands/sheet.ts')
  return `${await drawSheet(command)}\n`
}

function print(text: string): void {
  process.stdout.write(text)
}

/** Ends the process with one line when a command cannot do its work. */
async function orQuit(work: Promise<string>): Promise<string> {
  return await work.catch((error: unknown) => {
    const { message } = error as Error
    const line = isServiceError(error) ? `${message}: ${error.details ?? error.code}.` : message
    return quit(mayPass(error) ? EXIT_FAILURE : EXIT_CONFIG, line)
  })
}

/** Whether the same command may succeed later with the same settings: the database, the bucket or a disk is away. */
function mayPass(error: unknown): boolean {
  if (isServiceError(error)) return ['SERVICE_UNAVAILABLE', 'FILE_SYSTEM_ERROR'].includes(error.code)
  return (error as { mayPass?: boolean }).mayPass === true
}

async function serve(config: Config, warnings: string[]): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
  // Loaded here, because it takes longer than what the other commands do.
  const { default: app, serverOptionsFor } = await import('./app.ts')
  const prettyLog = await loadPrettyLog(config)
  const server = Fastify({
    ...serverOptionsFor(config),
    logger: { ...loggerOptions(config), stream: prettyLog ?? createLogStream(process.stdout.fd) }
  })
  for (const warning of warnings) server.log.warn(warning)
  stopOnSignal(server, config, prettyLog)
  try {
    await server.register(app, { config, statusLine: process.stdout.isTTY && prettyLog !== undefined })
    const pictures = await countPictures(server)
    await server.listen({
      port: config.port,
      // Fastify would open a second server for ::1, and plugins see the first one only.
      host: config.host === 'localhost' ? '127.0.0.1' : config.host,
      listenTextResolver: startText(config, pictures)
    })
    for (const warning of warnOfStrangers(config)) server.log.warn(warning)
  } catch (error) {
    quit(isWrongSetting(error) ? EXIT_CONFIG : EXIT_FAILURE, startFailure(error, config))
  }
}

function stopOnSignal(
  server: FastifyInstance,
  { stopGraceMs }: Config,
  prettyLog: PrettyLog | undefined
): void {
  const files = watchFileOperations()
  const unwatch = stopWithShell()
  const end = () => {
    if (files.areHanging()) killItself(server, prettyLog)
  }
  const options = { onTimeout: end, onSecondSignal: end, onSecondError: end }
  closeWithGrace(
    {
      delay: Math.max(stopGraceMs, LEAST_GRACE_MS) + CLEAN_UP_MS,
      logger: false,
      skip: FAULT_SIGNALS,
      ...options
    },
    async ({ signal, err }) => {
      unwatch()
      files.start()
      if (err) {
        if (server.hasDecorator('folderLock')) server.folderLock.recordCrash()
        server.log.fatal({ err }, 'stopping after an unexpected error')
      } else server.log.info({ signal }, 'stopping')
      await server.close()
      while (files.areOpen() && !files.areHanging()) await sleep(HANGING_INTERVAL_MS)
      end()
      // The decorator is absent where the process is stopped while it starts.
      const runsLeft = server.hasDecorator('engine') ? server.engine.local.oldest(Infinity).length : 0
      server.log.info({ signal, runsLeft }, 'stopped')
    }
  )
}

/**
 * npm and npx start the server in a shell. When they are ended, they end the shell, and the server gets no signal: it
 * would go on without them, and may spend money.
 */
function stopWithShell(): () => void {
  if (process.env.npm_command === undefined) return () => {}
  const shell = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM')
  }, SHELL_INTERVAL_MS).unref()
  return () => clearInterval(timer)
}

/** Tells file operations that hang from those that are short: the former are open at each of many looks. */
function watchFileOperations() {
  const areOpen = () =>
    process.getActiveResourcesInfo().some((name) => /^(?:FSReq|FileHandleCloseReq|MessagePort)/.test(name))
  let openSince = Infinity

  return {
    areOpen,
    areHanging: () => areOpen() && performance.now() - openSince > HANGING_MS,
    start(): void {
      setInterval(() => {
        openSince = areOpen() ? Math.min(openSince, performance.now()) : Infinity
      }, HANGING_INTERVAL_MS).unref()
    }
  }
}

/** Ends the process. `process.exit` would wait for the threads of file operations, which hang for ever. */
function killItself({ log }: FastifyInstance, prettyLog: PrettyLog | undefined): void {
  // The logger would wait for a reader that is slow.
  const msg = 'file operations have not ended: the process is killed'
  const line = JSON.stringify({ level: 60, time: Date.now(), pid: process.pid, hostname: hostname(), msg })
  try {
    if (log.level !== 'silent') writeSync(process.stdout.fd, prettyLog?.readable(line) ?? `${line}\n`)
  } catch {
    // The reader of the log has gone.
  }
  process.kill(process.pid, 'SIGKILL')
}

/** Without the setting, people at a terminal get readable lines, and programs get JSON. */
async function loadPrettyLog({ logFormat }: Config): Promise<PrettyLog | undefined> {
  if ((logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'json') return undefined
  const { createPrettyLog } = await import('./lib/pretty-log.ts')
  // The server goes on when the reader of its log has gone, as it does with JSON.
  process.stdout.on('error', () => {})
  return createPrettyLog((text) => process.stdout.write(text))
}

function loggerOptions(config: Config) {
  return {
    level: config.logLevel,
    ...(config.role !== 'all' && { base: { pid: process.pid, hostname: hostname(), role: config.role } }),
    serializers: { err: createErrorSerializer(hiddenTexts(config)) },
    ...(config.tracing && { mixin: traceIds })
  } satisfies FastifyServerOptions['logger']
}

/** What the process does where several share the work. */
function roleOf({ role }: Config): string {
  return role === 'all' ? '' : ` (${role})`
}

/**
 * How many pictures there are. Many pictures, or a disk that does not answer, do not delay the start: then a line of
 * its own has their number later.
 */
async function countPictures({ engine, log }: FastifyInstance): Promise<number | undefined> {
  return await inTime(engine.pictures.count(), {
    ms: COUNT_MS,
    onLate: (pictures) => log.info({ pictures }, 'the pictures are counted')
  })
}

/** The text of the log for each address that the server listens at. The first one says how it works, too. */
function startText(config: Config, pictures: number | undefined): (address: string) => string {
  const counted = pictures === undefined ? 'pictures are being counted' : `pictures: ${pictures}`
  // The log does not contain paths of the machine. On a terminal, the operator looks for the folder.
  let summary = `; ${counted}; ${startSummary(config, process.stdout.isTTY)}`
  return (address) => {
    const gallery = `${address}${config.basePath}/preview`
    const text = `dalleserver ${VERSION}${roleOf(config)} listens at ${address}, gallery at ${gallery}${summary}`
    summary = ''
    return text
  }
}

/**
 * Whether the service can never start with these settings: there is no host of this name, this machine has no such
 * network, the port needs privileges, or the database knows no such database, user or password. A machine may get an
 * address later, as that of a VPN, and a port that is in use may be free later.
 */
function isWrongSetting(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  const { isWrongUrl = false } = error as { isWrongUrl?: boolean }
  const isLater = code === 'EADDRNOTAVAIL'
  return isWrongUrl || (isWrongHost(error) && !isLater) || (code === 'EACCES' && syscall === 'listen')
}

/** Whether the system says that nothing can listen at the host. */
function isWrongHost(error: unknown): boolean {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (syscall === 'getaddrinfo') return code === 'ENOTFOUND'
  return syscall === 'listen' && ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(code)
}

/** One line that says why the service could not start. */
function startFailure(error: unknown, { databaseUrl, dataDir, host, port, metricsPort }: Config): string {
  const { code, syscall, message, port: failed } = error as NodeJS.ErrnoException & { port?: number }
  const isMetricsPort = failed !== undefined && failed === metricsPort
  const wrong = `Port ${failed ?? port} on ${host}`
  const setting = isMetricsPort ? 'TB_DALLE_METRICS_PORT' : '--port'
  if (code === 'EADDRINUSE') {
    return `${wrong} is in use: stop the program that has it, or choose another with ${setting}.`
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `${wrong} needs privileges that this process lacks: choose one above 1023 with ${setting}.`
  }
  if (isWrongHost(error)) {
    return `${host} is not an address of this machine: choose another with --host or TB_DALLE_HOST.`
  }
  if (code === 'EAI_AGAIN') {
    return `${host} cannot be looked up now: try again later, or choose an IP address with --host.`
  }
  if (databaseUrl !== undefined && code === 'SERVICE_UNAVAILABLE') {
    return `dalleserver could not start: ${message}.`
  }
  if (isServiceError(error)) return `The data folder ${dataDir} cannot be used: ${error.details ?? message}.`
  return `dalleserver could not start: ${message}`
}

function quit(code: number, line: string): never {
  process.stderr.write(`${line}\n`)
  process.exit(code)
}
