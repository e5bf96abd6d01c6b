import t from 'tap'
import { createHealth } from '../../../plugins/app/health/index.ts'

t.test('the health of a component depends on its limits', async (t) => {
  const GIB = 2 ** 30
  const check = async (residentBytes: number, usedPercent: number, writable = true, isLow = false) => {
    const health = createHealth({
      folder: {
        finding: async () => {
          if (!writable) throw Object.assign(new Error('no'), { details: 'Could not write' })
          return { status: 'healthy' }
        },
        space: async () => ({ totalBytes: 100, freeBytes: 10, usedPercent, minFreeBytes: 10, isLow })
      },
      provider: () => ({ status: 'unhealthy' }),
      residentBytes: () => residentBytes
    })
    t.equal(await health.isReady(), false, 'not before the server listens')
    health.start()
    const { status, components } = await health.check()
    const { memory, filesystem } = components
    const canServe = memory.status !== 'unhealthy' && filesystem.status !== 'unhealthy'
    t.equal(await health.isReady(), canServe, 'on a full disk the pictures are served all the same')
    return [status, components.memory.status, components.disk_space.status, components.filesystem.status]
  }
  // Without its provider the service still serves pictures, so it is degraded at worst.
  t.same(await check(GIB, 85), ['degraded', 'healthy', 'healthy', 'healthy'])
  t.same(await check(GIB + 1, 50), ['degraded', 'degraded', 'healthy', 'healthy'])
  t.same(await check(2 * GIB + 1, 50), ['unhealthy', 'unhealthy', 'healthy', 'healthy'])
  t.same(await check(1, 85.1), ['degraded', 'healthy', 'degraded', 'healthy'])
  t.same(await check(1, 95.1), ['unhealthy', 'healthy', 'unhealthy', 'healthy'])
  t.same(await check(1, 1, false), ['unhealthy', 'healthy', 'healthy', 'unhealthy'])
  t.same(
    await check(1, 50, true, true),
    ['degraded', 'healthy', 'degraded', 'healthy'],
    'little space is free'
  )
  t.same(await check(1, 95.1, true, true), ['unhealthy', 'healthy', 'unhealthy', 'healthy'])
})

t.test('memory is measured against the limit of the container where that is less', async (t) => {
  const MIB = 2 ** 20
  const check = async (residentMib: number, containerBytes: number) => {
    const health = createHealth({
      folder: {
        finding: async () => ({ status: 'healthy' }),
        space: async () => ({ totalBytes: 100, freeBytes: 10, usedPercent: 1, minFreeBytes: 1, isLow: false })
      },
      provider: () => ({ status: 'healthy' }),
      residentBytes: () => residentMib * MIB,
      containerBytes: () => containerBytes
    })
    t.teardown(() => health.stop())
    const { status, components } = await health.check()
    t.equal(status, components.memory.status)
    return [components.memory.status, components.memory.message]
  }
  const of = ' of 500 MB of the container'
  t.same(await check(400, 500 * MIB), ['healthy', `400 MB resident${of}`])
  t.same(await check(401, 500 * MIB), ['degraded', `401 MB resident${of}`])
  t.same(await check(475, 500 * MIB), ['degraded', `475 MB resident${of}`])
  t.same(await check(476, 500 * MIB), ['unhealthy', `476 MB resident${of}`])
  for (const none of [0, 2 ** 64, 2 ** 63 - 4096, 4096 * MIB]) {
    t.same(await check(1024, none), ['healthy', '1024 MB resident'])
    t.same(await check(1025, none), ['degraded', '1025 MB resident'])
    t.same(await check(2049, none), ['unhealthy', '2049 MB resident'])
  }
  // 80 % of the limit is more than 1 GB, and 95 % of it less than 2 GB.
  t.match(await check(1025, 2000 * MIB), ['degraded'])
  t.match(await check(1901, 2000 * MIB), ['unhealthy'])
})

t.test('series that cannot be used make the file system degraded and are named', async (t) => {
  const problems = [{ file: 'user-series/mine.json', reason: 'it is not JSON' }]
  const check = async (list: typeof problems) => {
    const health = createHealth({
      folder: {
        finding: async () => ({ status: 'healthy', message: 'fine' }),
        space: async () => ({ totalBytes: 100, freeBytes: 10, usedPercent: 1, minFreeBytes: 1, isLow: false })
      },
      provider: () => ({ status: 'healthy' }),
      seriesProblems: async () => list,
      residentBytes: () => 1
    })
    health.start()
    t.equal(await health.isReady(), true, 'pictures are served all the same')
    const { status, components } = await health.check()
    health.stop()
    return { overall: status, ...components.filesystem }
  }
  t.match(await check([]), { overall: 'healthy', status: 'healthy' })
  t.match(await check(problems), {
    overall: 'degraded',
    status: 'degraded',
    message: 'user-series/mine.json cannot be used: it is not JSON',
    details: { 'user-series/mine.json': 'it is not JSON' }
  })
  const many = Array.from({ length: 1000 }, (_, index) => ({ file: `series/${index}\n.json`, reason: 'no' }))
  const { message, details } = await check(many)
  t.equal(message, 'series/0\uFFFD.json cannot be used: no, and 999 more')
  t.equal(Object.keys(details ?? {}).length, 20)
})
