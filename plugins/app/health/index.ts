import { availableParallelism } from 'node:os'
import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks'
import fp from 'fastify-plugin'
import type { SeriesProblem } from '../../../lib/dress/series-registry.ts'
import { VERSION } from '../../../lib/package.ts'
import { budgetFinding, hasLimit } from '../../../lib/engine/daily-budget.ts'
import type { DailyBudget } from '../../../lib/engine/daily-budget.ts'
import type { Engine } from '../../../lib/engine/engine.ts'
import type { MemoryLimits } from '../../../lib/metrics/service.ts'
import type { ComponentHealth, Health, HealthStatus } from '../../../lib/schemas/health.ts'
import { createSingleFlight } from '../../../lib/single-flight.ts'
import type { DataFolder, Finding } from '../../../lib/storage/data-folder.ts'
import { createWatchdog } from '../../../lib/storage/watchdog.ts'
import type { WatchdogOptions } from '../../../lib/storage/watchdog.ts'
import { providerFinding } from './provider-finding.ts'

declare module 'fastify' {
  interface FastifyInstance {
    health: ReturnType<typeof createHealth>
  }
}

/** A result is reused for this long, so that frequent requests cost nothing. */
const CACHE_MS = 1_000

const LOOP_RESOLUTION_MS = 20

/** Problems in the details; there may be thousands. */
const PROBLEMS_SHOWN = 20

const GIB = 2 ** 30
const MEMORY_LIMITS: MemoryLimits = { degraded: GIB, unhealthy: 2 * GIB }
/** The same as parts of the memory that the container may use, which count where they are less. */
const CONTAINER_PARTS = { degraded: 0.8, unhealthy: 0.95 }
const DISK_LIMITS = { degraded: 85, unhealthy: 95 }

interface PictureCount {
  count: number
  most: number
}

interface HealthOptions {
  /** Its checks end in a limited time, also when the file system does not answer. */
  folder: Pick<DataFolder, 'finding' | 'space'>
  /** Whether the file system has not answered for so long that a restart is due. */
  isSilent?: () => boolean
  /** The state of the model provider. It is read often, so it must not call the provider. */
  provider: () => Finding
  /** Whether this process makes pictures. False while another one works on the data folder. */
  isWorking?: () => boolean
  /** The state of the database that the engine needs; undefined where it needs none. */
  engine?: (() => Promise<Finding>) | undefined
  /** What is left of the daily limits; undefined without one. */
  budget?: (() => DailyBudget) | undefined
  /** How many pictures there are, and how many there may be; undefined without a limit. */
  pictures?: (() => PictureCount) | undefined
  /** Whether this process is of no use without that database. Others serve the pictures that exist. */
  needsEngine?: boolean
  /** The user's series that cannot be used. */
  seriesProblems?: () => Promise<SeriesProblem[]>
  residentBytes?: () => number
  /** The memory that the container may use, in bytes; 0 or very much where it has no limit. */
  containerBytes?: () => number
}

/** Health checks of the data folder, the disk, the memory and the provider. */
export function createHealth({
  folder,
  isSilent = () => false,
  isWorking = () => true,
  provider,
  engine,
  budget,
  pictures,
  needsEngine = false,
  seriesProblems = async () => [],
  residentBytes = () => process.memoryUsage.rss(),
  containerBytes = () => process.constrainedMemory()
}: HealthOptions) {
  const startedAt = performance.now()
  const checks = createSingleFlight<Health>()
  let last: { at: number; health: Health } | undefined
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loopDelay.enable()
  const collections = countCollections()
  let listening = false

  const uptimeSeconds = () => (performance.now() - startedAt) / 1000

  /** The longest delay of the event loop since the last check, in milliseconds. */
  function delaySinceLastCheck(): number {
    const ms = Math.max(0, loopDelay.max / 1e6 - LOOP_RESOLUTION_MS)
    loopDelay.reset()
    return Math.round(ms * 10) / 10
  }

  async function check(): Promise<Health> {
    const [filesystem, memory, diskSpace] = await Promise.all([
      component('filesystem', async () => addProblems(await folder.finding(), await seriesProblems())),
      component('memory', async () => {
        const bytes = residentBytes()
        const resident = megabytes(bytes)
        const allowed = containerBytes()
        const limits = memoryLimits(allowed)
        const ofContainer = limits === MEMORY_LIMITS ? '' : ` of ${megabytes(allowed)} MB of the container`
        return {
          status: grade(bytes, limits),
          message: `${resident} MB resident${ofContainer}`,
          details: {
            alloc_mb: megabytes(process.memoryUsage().heapUsed),
            sys_mb: resident,
            num_gc: collections.count,
            goroutines: countResources(),
            resident_mb: resident,
            event_loop_delay_ms: delaySinceLastCheck()
          }
        }
      }),
      component('disk_space', async () => {
        const { freeBytes, totalBytes, usedPercent, minFreeBytes, isLow } = await folder.space()
        const used = Math.round(usedPercent * 10) / 10
        const status = grade(used, DISK_LIMITS)
        const needed = `${Math.ceil(minFreeBytes / 1e6)} MB must be free for a new run`
        return {
          status: isLow && status === 'healthy' ? 'degraded' : status,
          message: `${used} % of the disk used${isLow ? `; ${needed}` : ''}`,
          details: {
            free_gb: Math.floor(freeBytes / GIB),
            total_gb: Math.floor(totalBytes / GIB),
            free_mb: megabytes(freeBytes),
            usage_percent: used
          }
        }
      })
    ])
    const openai = await component('openai', async () => provider())
    const ofEngine = engine && { engine: await component('engine', engine) }
    const ofBudget = budget && { budget: await component('budget', async () => budgetFinding(budget())) }
    const ofPictures = pictures && {
      pictures: await component('pictures', async () => picturesFinding(pictures()))
    }
    const others = { ...ofEngine, ...ofBudget, ...ofPictures }
    const { heapUsed, heapTotal, rss } = process.memoryUsage()
    return {
      status: overall(
        [filesystem, memory, diskSpace, ...(ofEngine && needsEngine ? [ofEngine.engine] : [])],
        [openai, ...Object.values(others)]
      ),
      timestamp: new Date().toISOString(),
      version: VERSION,
      uptime_seconds: Math.floor(uptimeSeconds()),
      components: { filesystem, openai, memory, disk_space: diskSpace, ...others },
      system: {
        memory: {
          alloc_bytes: heapUsed,
          total_alloc_bytes: heapTotal,
          sys_bytes: rss,
          num_gc: collections.count
        },
        goroutines: countResources(),
        gomaxprocs: availableParallelism(),
        cpus: availableParallelism(),
        node: process.versions.node
      }
    }
  }

  return {
    uptimeSeconds,

    /** From how many resident bytes on the memory is degraded or unhealthy, in this container. */
    memoryLimits: (): MemoryLimits => memoryLimits(containerBytes()),

    async check(): Promise<Health> {
      return await checks.run('health', async () => {
        if (last === undefined || performance.now() - last.at > CACHE_MS) {
          last = { at: performance.now(), health: await check() }
        }
        return last.health
      })
    },

    /** Whether the process can still work. False when only a restart helps. */
    isAlive(): boolean {
      return !isSilent()
    },

    /**
     * Whether a load balancer should send requests here. False while it starts, waits for the folder or stops. On a
     * full disk no run starts, and pictures are served all the same.
     */
    async isReady(): Promise<boolean> {
      if (!listening || !isWorking()) return false
      const { filesystem, memory, engine: database } = (await this.check()).components
      if (needsEngine && database?.status === 'unhealthy') return false
      return filesystem.status !== 'unhealthy' && memory.status !== 'unhealthy'
    },

    start(): void {
      listening = true
    },

    stop(): void {
      listening = false
      loopDelay.disable()
      collections.stop()
    }
  }
}

/** Counts the pictures, where their number is limited. */
function picturesWithin(most: number | undefined, { pictures }: Pick<Engine, 'pictures'>) {
  return most === undefined ? undefined : () => ({ count: pictures.size, most })
}

async function component(name: string, check: () => Promise<Finding>): Promise<ComponentHealth> {
  const startedAt = performance.now()
  const finding = await check().catch((error: Error & { details?: string }): Finding => ({
    status: 'unhealthy',
    message: error.details ?? error.message
  }))
  return {
    name,
    ...finding,
    last_checked: new Date().toISOString(),
    duration_ms: Math.round(performance.now() - startedAt)
  }
}

/** The state of the data folder. One that is healthy is degraded by a series that cannot be used. */
function addProblems(folder: Finding, problems: SeriesProblem[]): Finding {
  const [first] = problems
  if (first === undefined || folder.status !== 'healthy') return folder
  const others = problems.length === 1 ? '' : `, and ${problems.length - 1} more`
  return {
    status: 'degraded',
    message: `${printable(first.file)} cannot be used: ${first.reason}${others}`,
    details: Object.fromEntries(
      problems.slice(0, PROBLEMS_SHOWN).map(({ file, reason }) => [printable(file), reason])
    )
  }
}

/** A file's name without control characters, which would disturb a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD')
}

/** Whether there may be more pictures. Those that exist are served in any case. */
function picturesFinding({ count, most }: PictureCount): Finding {
  const isFull = count >= most
  return {
    status: isFull ? 'degraded' : 'healthy',
    message: isFull
      ? `There are ${count} pictures, and TB_DALLE_MAX_PICTURES allows ${most}: new ones are refused`
      : `There are ${count} pictures of the ${most} that TB_DALLE_MAX_PICTURES allows`,
    details: { count, most }
  }
}

function grade(value: number, limits: { degraded: number; unhealthy: number }): HealthStatus {
  return value > limits.unhealthy ? 'unhealthy' : value > limits.degraded ? 'degraded' : 'healthy'
}

/** From how many bytes on the memory is degraded or unhealthy. */
function memoryLimits(containerBytes: number): MemoryLimits {
  const isLess = containerBytes > 0 && CONTAINER_PARTS.unhealthy * containerBytes < MEMORY_LIMITS.unhealthy
  if (!isLess) return MEMORY_LIMITS
  return {
    degraded: Math.min(MEMORY_LIMITS.degraded, CONTAINER_PARTS.degraded * containerBytes),
    unhealthy: CONTAINER_PARTS.unhealthy * containerBytes
  }
}

/** The worst status. Others make it degraded at most, because pictures on disk are served without them. */
function overall(own: ComponentHealth[], others: ComponentHealth[]): HealthStatus {
  if (own.some(({ status }) => status === 'unhealthy')) return 'unhealthy'
  return [...own, ...others].every(({ status }) => status === 'healthy') ? 'healthy' : 'degraded'
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20)
}

/** What the event loop waits for: sockets, timers and file operations. The nearest that Node has to goroutines. */
function countResources(): number {
  return process.getActiveResourcesInfo().length
}

/** Counts the garbage collections of this process. */
function countCollections() {
  let count = 0
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    get count(): number {
      return count
    },
    stop: () => observer.disconnect()
  }
}

export interface HealthPluginOptions {
  /** Replaces parts of the watchdog of the file system. */
  watchdog?: Partial<WatchdogOptions>
}

/** `fastify.health`. */
export default fp<HealthPluginOptions>(
  async (fastify, options) => {
    const { config, dataFolder, dresses, engine, log, metrics, providers, circuitBreaker } = fastify
    const watchdog = createWatchdog({
      root: config.dataDir,
      onChange: (isSilent) =>
        isSilent
          ? log.error('the file system does not answer: the server must be restarted')
          : log.info('the file system answers again'),
      ...options.watchdog
    })
    fastify.addHook('onClose', async () => watchdog.close())
    const health = createHealth({
      folder: dataFolder,
      isSilent: () => watchdog.isSilent,
      isWorking: () => engine.isOpen,
      seriesProblems: () => dresses.series.problems(),
      engine: engine.health,
      budget: hasLimit(config.dailyLimits) ? () => fastify.readBudget() : undefined,
      pictures: picturesWithin(config.maxPictures, engine),
      needsEngine: config.role === 'worker',
      provider: () => providerFinding(circuitBreaker, providers)
    })
    metrics.watchMemoryLimits(health.memoryLimits)
    fastify.addHook('onReady', async () => health.start())
    fastify.decorate('health', health)
  },
  {
    name: 'health',
    dependencies: [
      'circuit-breaker',
      'config',
      'dresses',
      'engine',
      'files',
      'generation',
      'metrics',
      'providers'
    ],
    fastify: '5.x'
  }
)
