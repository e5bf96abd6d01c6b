import t from 'tap'
import { createHealth } from '../../../plugins/app/health.ts'

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
